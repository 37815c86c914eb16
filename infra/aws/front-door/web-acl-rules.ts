import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { maxVoteBytes } from '../../../ingest/vote.ts'
import type { Edge } from './edge.ts'
import { type DoorRefusal, doorRefusals } from './refusals.ts'

type Statement = CfnWebACL.StatementProperty
type Rule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>

/** In seconds: how long requests are counted together. */
export const rateWindowSeconds = 60

/** Bodies of blocked requests, by the keys that rules name. */
export const blockedBodies = {
  address: { contentType: 'APPLICATION_JSON', content: doorRefusals.address.body },
  largeVote: { contentType: 'APPLICATION_JSON', content: doorRefusals.largeVote.body },
}

/** Who asks this API itself is known by the address of the connection, who comes through CloudFront by its word. */
export const rateRules = (limit: number, { viewerHeader, proofHeader, proof }: Edge): Rule[] => {
  const throughEdge: Statement = {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { Name: proofHeader } },
      positionalConstraint: 'EXACTLY',
      searchString: proof,
      textTransformations: unchanged,
    },
  }
  const rate = { limit, evaluationWindowSec: rateWindowSeconds }
  return [
    {
      name: 'RatePerAddress',
      action: block('address', doorRefusals.address),
      statement: {
        rateBasedStatement: {
          ...rate,
          aggregateKeyType: 'IP',
          scopeDownStatement: both(not(batches), not(throughEdge)),
        },
      },
    },
    {
      name: 'RatePerViewer',
      action: block('address', doorRefusals.address),
      statement: {
        rateBasedStatement: {
          ...rate,
          aggregateKeyType: 'FORWARDED_IP',
          forwardedIpConfig: { headerName: viewerHeader, fallbackBehavior: 'NO_MATCH' },
          scopeDownStatement: both(not(batches), throughEdge),
        },
      },
    },
  ]
}

const unchanged = [{ priority: 0, type: 'NONE' }]

const not = (statement: Statement): Statement => ({ notStatement: { statement } })
const both = (...statements: Statement[]): Statement => ({ andStatement: { statements } })

/** Collectors send many votes from one address, and large bodies; they have a throttle of their own, behind a key. */
const batches: Statement = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'ENDS_WITH',
    searchString: '/votes/batch',
    textTransformations: unchanged,
  },
}

const block = (
  customResponseBodyKey: keyof typeof blockedBodies,
  { status, retryAfterSeconds }: DoorRefusal,
) => ({
  block: {
    customResponse: {
      responseCode: status,
      customResponseBodyKey,
      responseHeaders: [
        { name: 'Access-Control-Allow-Origin', value: '*' },
        ...(retryAfterSeconds === undefined
          ? []
          : [{ name: 'Retry-After', value: String(retryAfterSeconds) }]),
      ],
    },
  },
})

export const largeVotes: Rule = {
  name: 'LargeVotes',
  action: block('largeVote', doorRefusals.largeVote),
  statement: both(not(batches), {
    sizeConstraintStatement: {
      // What is longer than the firewall looks is longer than a vote may be.
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: maxVoteBytes,
      textTransformations: unchanged,
    },
  }),
}

export const commonRules: Rule = {
  name: 'CommonRules',
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: 'AWSManagedRulesCommonRuleSet',
      ruleActionOverrides: [
        // Its 8 KB are less than a batch of 100 votes; LargeVotes bounds what is no batch.
        { name: 'SizeRestrictions_BODY', actionToUse: { count: {} } },
        // Collectors are programs, and need not name themselves.
        { name: 'NoUserAgent_HEADER', actionToUse: { count: {} } },
      ],
    },
  },
}
