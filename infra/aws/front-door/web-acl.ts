import { Stack } from 'aws-cdk-lib'
import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import type { Edge } from './edge.ts'
import { blockedBodies, commonRules, largeVotes, rateRules, rateWindowSeconds } from './web-acl-rules.ts'

/** WAF's least. */
const leastRateLimit = 10

/**
 * The firewall before the API. It keeps no samples of requests, since they would hold voters' addresses.
 *
 * @param votesRate requests a second that the front door lets in; one address may send a hundredth of it
 */
export const addWebAcl = (
  scope: Construct,
  stage: Stage,
  { votesRate, edge }: { votesRate: number; edge: Edge },
): CfnWebACL => {
  const limit = Math.max(leastRateLimit, Math.floor((votesRate / 100) * rateWindowSeconds))
  const rules = [...rateRules(limit, edge), largeVotes, commonRules]
  const acl = new CfnWebACL(scope, 'WebAcl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    // Metrics go by this name, so no two stacks may share it.
    visibilityConfig: visibility(Stack.of(scope).stackName),
    // As much of a body as a vote may have; WAF's own choice is 16 KiB.
    associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
    customResponseBodies: blockedBodies,
    rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) })),
  })
  new CfnWebACLAssociation(scope, 'WebAclAssociation', {
    webAclArn: acl.attrArn,
    resourceArn: stage.stageArn,
  })
  return acl
}

const visibility = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
})
