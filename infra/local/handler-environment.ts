import { join } from 'node:path'
import { exportVariables, retentionHoursVariable } from '../../aggregators/variables.ts'
import { readVariables } from '../../dashboard/variables.ts'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { streamNameVariable } from '../../ingest/environment.ts'
import { pipeline } from '../config.ts'
import { defaultRetentionHours, region } from './kinesis/stream.ts'

/** Credentials that open nothing: the embedded endpoint checks none. */
const accessKeyId = 'local'
const secretAccessKey = 'local'

/** Settings of an SDK client for the embedded endpoint. */
export const localClient = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId, secretAccessKey },
})

export type HandlerEnvironmentOptions = {
  awsEndpoint: string
  /** dynalite's own address: the aggregator's puts need not pass the main thread. */
  dynamoEndpoint: string
  windowSeconds: number
  /** Kinesis's write limits per shard. */
  shardLimits: boolean
  folder: string
}

/** The environment of the handlers, built from nothing: no profile, credentials or proxy of the user's gets in. */
export const handlerEnvironment = (options: HandlerEnvironmentOptions): Record<string, string> => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_ENDPOINT_URL: options.awsEndpoint,
  AWS_ENDPOINT_URL_DYNAMODB: options.dynamoEndpoint,
  AWS_CONFIG_FILE: join(options.folder, 'no-aws-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(options.folder, 'no-aws-credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  // Nobody collects metrics here, and a line per invocation would roll every error out of the log.
  POWERTOOLS_METRICS_DISABLED: 'true',
  [tableNameVariable]: pipeline.tableName,
  [streamNameVariable]: pipeline.streamName,
  [readVariables.aggregator]: pipeline.aggregator.functionName,
  [readVariables.windowSeconds]: String(options.windowSeconds),
  [readVariables.iteratorAgeMaxAgeMs]: '0',
  // On AWS it is a minute; the embedded CloudWatch answers any.
  [readVariables.trafficPeriodSeconds]: '5',
  [readVariables.shardMetrics]: 'true',
  [readVariables.shardLimits]: String(options.shardLimits),
  [retentionHoursVariable]: String(defaultRetentionHours),
  [exportVariables.deliveryStream]: pipeline.audit.windows.deliveryStream,
  [exportVariables.timeSeriesDatabase]: pipeline.timeSeries.database,
  [exportVariables.timeSeriesTable]: pipeline.timeSeries.table,
})
