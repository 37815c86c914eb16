import { setTimeout as sleep } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { tableNameVariable } from '../ingest/count-table.ts'
import { required, streamNameVariable } from '../ingest/environment.ts'
import { noteCaughtUp } from './close/caught-up.ts'
import { dynamoCloseStore } from './close/close.store.ts'
import { closeAhead } from './close/close-ahead.ts'
import { type CloseReport, closePolls, reportOf } from './close/close-polls.ts'
import { closer } from './close/closer.ts'
import { type Overdue, overdue } from './close/overdue.ts'
import { kinesisVoteStream } from './close/vote-stream.store.ts'
import { metricNames } from './metric-names.ts'

const logger = new Logger({ serviceName: 'close' })
const metrics = new Metrics({ serviceName: 'close' })
const steadyNow = (): number => performance.now()
const store = dynamoCloseStore(new DynamoDBClient({}), required(process.env, tableNameVariable))
const stream = kinesisVoteStream(new KinesisClient({}), required(process.env, streamNameVariable))
const closing = closer({ store, stream, steadyNow })

/** Silent shards are looked at this often; what is noted of them lasts for a good part of the retention. */
const noteEveryMs = 60_000
let notedAt = Number.NEGATIVE_INFINITY
const settled = new Set<string>()

/** What is left of the function's time when the last round begins. */
const lastRoundMs = 5000

/** `aheadMs`: polls that become due within this time are waited for. */
type CloseEvent = { aheadMs?: number }
type Context = { getRemainingTimeInMillis(): number }

/**
 * Closes polls whose time has come and brings closed ones to their result. Run by a schedule; what it does not finish, its
 * next run does.
 */
export const handler = async ({ aheadMs = 0 }: CloseEvent, context: Context): Promise<CloseReport> => {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > lastRoundMs
  let isReported = false
  // What the run begins with, so that one that hangs is heard of all the same.
  const readPollsWithout: typeof store.readPollsWithout = async (attribute) => {
    const polls = await store.readPollsWithout(attribute)
    if (!isReported) reportOverdue(overdue(polls.values(), store.now()))
    isReported = true
    return polls
  }
  const reported = { readPollsWithout, now: store.now }
  const run = await closeAhead({
    closePolls: () => closePolls({ closer: closing, store: reported, steadyNow, sleep, hasTime }),
    aheadMs,
    now: store.now,
    steadyNow,
    sleep,
  })
  for (const poll of run.final) logger.info('poll is final', { poll })
  if (run.closing.length > 0) logger.info('polls are still closing', { polls: run.closing })
  if (steadyNow() - notedAt >= noteEveryMs) {
    notedAt = steadyNow()
    await noteCaughtUp({ store, stream, hasTime }, settled)
  }
  return reportOf(run)
}

const reportOverdue = ({ polls, oldestMs }: Overdue): void => {
  metrics.addMetric(metricNames.close.pollsClosing, MetricUnit.Count, polls)
  metrics.addMetric(metricNames.close.closing, MetricUnit.Seconds, oldestMs / 1000)
  metrics.publishStoredMetrics()
}
