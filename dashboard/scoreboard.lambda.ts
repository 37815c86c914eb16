import { Logger } from '@aws-lambda-powertools/logger'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { tableNameVariable } from '../ingest/count-table.ts'
import { required, streamNameVariable } from '../ingest/environment.ts'
import { answer, failedReadAnswer, type HttpAnswer, type HttpQuestion } from './answer.ts'
import { awsReadStore } from './read.store.ts'
import { kinesisShardLimit } from './shard-limit.ts'
import { trafficReader } from './traffic.store.ts'
import { readVariables } from './variables.ts'
import { views } from './views.ts'

const environment = process.env
const logger = new Logger({ serviceName: 'scoreboard' })
const cloudWatch = new CloudWatchClient({})
const stream = required(environment, streamNameVariable)
const periodSeconds = Number(required(environment, readVariables.trafficPeriodSeconds))
const shardMetrics = required(environment, readVariables.shardMetrics) === 'true'
const store = awsReadStore(
  { dynamo: new DynamoDBClient({}), kinesis: new KinesisClient({}), cloudWatch },
  {
    table: required(environment, tableNameVariable),
    stream,
    aggregator: required(environment, readVariables.aggregator),
  },
)
const model = views({
  store,
  now: Date.now,
  windowMs: Number(required(environment, readVariables.windowSeconds)) * 1000,
  iteratorAgeMaxAgeMs: Number(required(environment, readVariables.iteratorAgeMaxAgeMs)),
  traffic: {
    read: trafficReader(cloudWatch, { stream, periodSeconds, shardMetrics }, Date.now),
    periodMs: periodSeconds * 1000,
    shardLimit: required(environment, readVariables.shardLimits) === 'true' ? kinesisShardLimit : null,
  },
  warn: (message, details) => logger.warn(message, details),
})

/** The fields used of a function URL's event (payload format 2.0). */
type FunctionUrlEvent = { rawPath: string; rawQueryString: string }

/**
 * Answers the dashboard's reads; on AWS behind CloudFront, locally behind the gateway, both caching for a second. A store that
 * fails is answered 503: what a function throws would be a 502 without a word of ours.
 */
export const handler = async ({ rawPath, rawQueryString }: FunctionUrlEvent): Promise<HttpAnswer> => {
  const question: HttpQuestion = { path: rawPath, query: new URLSearchParams(rawQueryString) }
  try {
    return await answer(question, model)
  } catch (error) {
    logger.error(`${rawPath} could not be read`, error as Error)
    return failedReadAnswer()
  }
}
