import { CfnOutput, Stack, Validations } from 'aws-cdk-lib'
import { EndpointType, RestApi, type Stage } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import batchSchema from '../../ingest/batch.schema.json' with { type: 'json' }
import voteSchema from '../../ingest/vote.schema.json' with { type: 'json' }
import { addCollectors } from './front-door/collectors.ts'
import { addDoor } from './front-door/door.ts'
import { type Edge, edgeOf } from './front-door/edge.ts'
import { addGatewayResponses } from './front-door/gateway-responses.ts'
import { keepErrorLog, logLife, stageOptions } from './front-door/stage.ts'
import { streamWriter } from './front-door/stream-writer.ts'
import { addWebAcl } from './front-door/web-acl.ts'
import type { Settings } from './settings.ts'
import type { VoteStream } from './vote-stream.ts'

export type FrontDoorParts = { settings: Settings; votes: VoteStream }

/**
 * Where votes come in: a REST API that validates a body, wraps it and puts it into the stream, with no code of ours between.
 * The same contract as infra/local/gateway; what API Gateway cannot do the same way stands in docs/fidelity.md.
 */
export class FrontDoor extends Construct {
  readonly api: RestApi
  readonly stage: Stage
  /** A line for each request, without body, address or user agent. */
  readonly accessLog: LogGroup
  readonly webAcl: CfnWebACL
  /** Where CloudFront passes `/polls/{poll}/votes` and `…/votes/batch` on to. */
  readonly origin: { domainName: string; path: string }
  /** What CloudFront must say of a request, for the web ACL to count it under its viewer's address. */
  readonly edge: Edge

  constructor(scope: Construct, id: string, { settings, votes }: FrontDoorParts) {
    super(scope, id)
    const { stackName, region, urlSuffix } = Stack.of(this)
    this.accessLog = new LogGroup(this, 'AccessLog', logLife)
    this.api = new RestApi(this, 'Api', {
      // Metrics go by this name, so no two stacks may share it.
      restApiName: stackName,
      description: 'Placar: votes in',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: settings.apiGatewayLogRole,
      deployOptions: stageOptions(settings, votes.stream.streamName, this.accessLog),
    })
    this.stage = this.api.deploymentStage
    keepErrorLog(this, this.api)

    const writer = streamWriter(this, votes.stream)
    const validator = this.api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    })
    const resource = this.api.root.addResource('polls').addResource('{poll}').addResource('votes')
    addDoor(this.api, resource, { batch: false, schema: voteSchema, validator, writer })
    addDoor(this.api, resource.addResource('batch'), { batch: true, schema: batchSchema, validator, writer })
    addGatewayResponses(this.api)

    const key = addCollectors(this.api, settings.throttle.batches)
    this.edge = edgeOf()
    this.webAcl = addWebAcl(this, this.stage, { votesRate: settings.throttle.votes.rate, edge: this.edge })
    this.origin = {
      domainName: `${this.api.restApiId}.execute-api.${region}.${urlSuffix}`,
      path: `/${this.stage.stageName}`,
    }

    new CfnOutput(this, 'CollectorKeyId', {
      value: key.keyId,
      description:
        'Id of the API key for /votes/batch; its value: aws apigateway get-api-key --include-value',
    })
    acknowledgeOpenDoor(this.api)
    if (settings.apiGatewayLogRole) acknowledgeLogRole(this.api)
  }
}

/** Everybody may vote; what a request must not do, validation, throttles and the web ACL see to. */
const acknowledgeOpenDoor = (api: RestApi): void => {
  for (const id of ['AwsSolutions-APIG4', 'AwsSolutions-COG4'])
    Validations.of(api).acknowledge({
      id,
      reason: 'A public ballot: voters have no accounts. Batches need an API key.',
    })
}

const acknowledgeLogRole = (api: RestApi): void =>
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: "AWS's own policy for the one role per account and Region with which API Gateway writes logs.",
  })
