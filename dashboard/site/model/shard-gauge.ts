import type { ShardLimit, Stats, StreamShardView } from '../../read-model.ts'
import { countText, mebibytesText, percentText, rateText } from './figures.ts'

/** How shards are compared: what the length of their bars stands for. */
export type Gauge = {
  /** How busy a shard is, in a unit of the gauge's own; 0 when not known. */
  level: (shard: StreamShardView) => number
  /** The level of a full bar; absent where that is the busiest shard's. */
  full?: number
  text: (shard: StreamShardView) => string
  levelText: (level: number) => string
  /** What a full bar is. */
  note: string
}

/**
 * Shares of the shard limit; the records where that limit is lifted; votes where nothing is known of the records.
 */
export const gaugeOf = ({ shardLimit, shards }: Pick<Stats, 'shardLimit' | 'shards'>): Gauge => {
  if (shards.every(({ traffic }) => traffic === null)) return byVotes
  return shardLimit === null ? byRecords : byLimit(shardLimit)
}

const unknown = 'not measured yet'

const byLimit = (limit: ShardLimit): Gauge => ({
  level: ({ traffic }) => (traffic === null ? 0 : Math.max(...shares(traffic, limit))),
  full: 1,
  text: ({ traffic }) => {
    if (traffic === null) return unknown
    const [records, bytes] = shares(traffic, limit)
    return records >= bytes
      ? `${rateText(traffic.recordsPerSecond)} records/s, ${percentText(records)}`
      : `${mebibytesText(traffic.bytesPerSecond)}/s, ${percentText(bytes)}`
  },
  levelText: percentText,
  note:
    `A full bar is the limit of a shard: ${countText(limit.recordsPerSecond)} records/s or ` +
    `${mebibytesText(limit.bytesPerSecond)}/s, whichever is nearer.`,
})

const shares = (of: ShardLimit, limit: ShardLimit): [records: number, bytes: number] => [
  of.recordsPerSecond / limit.recordsPerSecond,
  of.bytesPerSecond / limit.bytesPerSecond,
]

const byRecords: Gauge = {
  level: ({ traffic }) => traffic?.recordsPerSecond ?? 0,
  text: ({ traffic }) => (traffic === null ? unknown : `${rateText(traffic.recordsPerSecond)} records/s`),
  levelText: (level) => `${rateText(level)} records/s`,
  note: 'No limit holds; a full bar is the busiest shard.',
}

const byVotes: Gauge = {
  level: ({ votesPerSecond }) => votesPerSecond,
  text: ({ votesPerSecond }) => `${rateText(votesPerSecond)} votes/s`,
  levelText: (level) => `${rateText(level)} votes/s`,
  note:
    'These are votes counted; a full bar is the busiest shard. What each shard is sent, and how near its limit that ' +
    'is, is not measured, or not yet: on AWS it takes the setting shardMetrics.',
}
