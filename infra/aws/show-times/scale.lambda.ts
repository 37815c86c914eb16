import { Logger } from '@aws-lambda-powertools/logger'
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  LimitExceededException,
  ResourceInUseException,
  ScalingType,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import { required, streamNameVariable } from '../../../ingest/environment.ts'
import { nextShardCount } from '../../../load/shards/steps.ts'
import type { ShowTime } from '../settings.ts'
import { scaleVariables } from './variables.ts'
import { wantedShards } from './wanted-shards.ts'

const logger = new Logger({ serviceName: 'scale' })
const kinesis = new KinesisClient({})
const StreamName = required(process.env, streamNameVariable)
const shows: ShowTime[] = JSON.parse(required(process.env, scaleVariables.shows))
const usual = Number(required(process.env, scaleVariables.usualShards))

/** What a run found and did; `to` is absent where nothing was to be done or could be done now. */
export type ScaleReport = { from: number; wanted: number; to?: number }

/**
 * Takes the stream one legal step towards the shards that its show times ask for. Run once a minute: a step that is under
 * way is left to a later run, and so is one down for which AWS has no allowance left (ten steps a day).
 *
 * Throws when it may not take a step up, the day's being used up or the account's shards: an alarm is to hear of that.
 */
export const handler = async (): Promise<ScaleReport> => {
  const { StreamDescriptionSummary: stream } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName }),
  )
  const from = stream?.OpenShardCount ?? 0
  const wanted = wantedShards(shows, usual, Date.now())
  if (from === wanted || stream?.StreamStatus !== 'ACTIVE') return { from, wanted }
  const to = nextShardCount(from, wanted)
  try {
    await kinesis.send(
      new UpdateShardCountCommand({
        StreamName,
        TargetShardCount: to,
        ScalingType: ScalingType.UNIFORM_SCALING,
      }),
    )
  } catch (error) {
    const canWait =
      error instanceof ResourceInUseException || (error instanceof LimitExceededException && wanted < from)
    if (!canWait) throw error
    logger.warn('the stream cannot be scaled now', { from, to, wanted, reason: error.message })
    return { from, wanted }
  }
  logger.info('the stream is scaled', { from, to, wanted })
  return { from, wanted, to }
}
