import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AccessLogFormat,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Settings, Throttle } from '../settings.ts'

const stageName = 'live'

/** Long enough to look into a show's trouble, and short: a ballot's log is best forgotten. */
export const logLife = { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY }

/** How the API runs: what it lets in, what it logs, and which stream it writes to. */
export const stageOptions = (
  { throttle }: Settings,
  streamName: string,
  accessLog: LogGroup,
): StageOptions => ({
  stageName,
  variables: { streamName },
  tracingEnabled: true,
  ...methodOptions(throttle.votes),
  methodOptions: {
    '/polls/{poll}/votes/POST': methodOptions(throttle.votes),
    '/polls/{poll}/votes/batch/POST': methodOptions(throttle.batches),
  },
  accessLogDestination: new LogGroupLogDestination(accessLog),
  accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogLine)),
})

/** A method's settings stand for themselves: what one does not repeat, it has not. */
const methodOptions = ({ rate, burst }: Throttle) => ({
  throttlingRateLimit: rate,
  throttlingBurstLimit: burst,
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.ERROR,
  // It would log every ballot.
  dataTraceEnabled: false,
})

/** What happened to a request; neither who sent it nor what it said. */
const accessLogLine = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  streamStatus: '$context.integration.status',
  streamMs: '$context.integration.latency',
  totalMs: '$context.responseLatency',
  firewall: '$context.waf.status',
  apiKeyId: '$context.identity.apiKeyId',
}

/** API Gateway makes this log group by itself otherwise, and keeps it for ever. */
export const keepErrorLog = (scope: Construct, api: RestApi): void => {
  const log = new LogGroup(scope, 'ErrorLog', {
    logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`,
    ...logLife,
  })
  api.deploymentStage.node.addDependency(log)
}
