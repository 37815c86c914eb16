import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { readMetrics, type WantedMetric } from '../../../dashboard/stream-metrics.store.ts'
import type { Rhythm, Series } from '../../../load/shards/reading-rates.ts'

const perStream: readonly WantedMetric[] = [
  { name: 'IncomingRecords', stat: 'Sum' },
  { name: 'IncomingBytes', stat: 'Sum' },
  { name: 'WriteProvisionedThroughputExceeded', stat: 'Sum' },
]
const perShard: readonly WantedMetric[] = [...perStream, { name: 'IteratorAgeMilliseconds', stat: 'Maximum' }]

/** The shard-level metrics that must be turned on, on AWS. */
export const shardMetricNames = perShard.map(({ name }) => name)

/** What CloudWatch tells of the stream, and of each of these shards. */
export const readSeries = async (
  cloudWatch: CloudWatchClient,
  stream: string,
  shardIds: readonly string[],
  { periodMs, historyMs, staleMs }: Rhythm,
  now: number,
) => {
  const ofShards = shardIds.flatMap((shardId) => perShard.map((metric) => ({ ...metric, shardId })))
  const span = { from: now - historyMs - staleMs, to: now + periodMs, periodMs }
  const all = await readMetrics(cloudWatch, stream, [...perStream, ...ofShards], span)
  const from = (at: number) => {
    const [records = none, bytes = none, throttled = none, age = none] = all.slice(at)
    return { records, bytes, throttled, age }
  }
  return { stream: from(0), shards: shardIds.map((_, at) => from(perStream.length + at * perShard.length)) }
}

const none: Series = new Map()
