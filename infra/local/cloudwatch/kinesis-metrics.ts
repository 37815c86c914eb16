import type { Shard } from '../kinesis/shard.ts'
import type { Stream } from '../kinesis/stream.ts'
import type { TrafficSum } from '../kinesis/traffic.ts'
import type { Metric, MetricSource, StatisticSet } from './metric.ts'

export type KinesisMetricsOptions = {
  stream(name: string): Stream | undefined
  /** Whether a function counts its records; the age is known of no other. */
  isRead(stream: Stream): boolean
  /** Age of the oldest record that is not counted, ms, of a shard of such a stream. */
  iteratorAgeMs(shard: Shard): Promise<number>
}

/**
 * `AWS/Kinesis`, per stream (`StreamName`) and per shard (`StreamName`, `ShardId`), as in the Kinesis guide's
 * "Monitor the service with CloudWatch". Average and maximum are those of a single put; here each record of a
 * PutRecords counts as a put of its own. Shard-level metrics are there whether they were switched on or not.
 */
export const kinesisMetrics =
  (options: KinesisMetricsOptions): MetricSource =>
  ({ namespace, name, dimensions }) => {
    if (namespace !== 'AWS/Kinesis') return undefined
    const { StreamName, ShardId, ...others } = dimensions
    const stream = options.stream(StreamName ?? '')
    if (stream === undefined || Object.keys(others).length > 0) return undefined
    const shards = stream.shards.filter(({ id }) => ShardId === undefined || id === ShardId)
    if (shards.length === 0) return undefined
    const measure = measures.get(name)
    if (measure !== undefined) return counted(shards, measure)
    // The stream's metric has a name of its own.
    const isAge =
      name === (ShardId === undefined ? 'GetRecords.IteratorAgeMilliseconds' : 'IteratorAgeMilliseconds')
    if (!isAge || !options.isRead(stream)) return undefined
    const ages = (): Promise<number[]> => Promise.all(shards.map((shard) => options.iteratorAgeMs(shard)))
    return { kind: 'momentary', value: async () => Math.max(...(await ages())) }
  }

/** What a metric makes of the seconds of one shard. */
type Measure = (sum: TrafficSum) => StatisticSet

const measures: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ['IncomingRecords', ({ records }) => ({ count: records, sum: records, max: Math.min(records, 1) })],
  ['IncomingBytes', ({ records, bytes, largest }) => ({ count: records, sum: bytes, max: largest })],
  [
    // Of all puts, those that were refused are 1 and the others 0.
    'WriteProvisionedThroughputExceeded',
    ({ records, refused }) => ({ count: records + refused, sum: refused, max: Math.min(refused, 1) }),
  ],
])

const counted = (shards: readonly Shard[], measure: Measure): Metric => ({
  kind: 'counted',
  knownFrom: (now) => Math.min(...shards.map(({ traffic }) => traffic.knownFrom(now))),
  during: (from, to) => {
    const whole = { count: 0, sum: 0, max: 0 }
    for (const { traffic } of shards) {
      const { count, sum, max } = measure(traffic.between(from, to))
      whole.count += count
      whole.sum += sum
      whole.max = Math.max(whole.max, max)
    }
    return whole
  },
})
