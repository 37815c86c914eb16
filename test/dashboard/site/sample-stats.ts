import type { Stats, StreamShardView } from '../../../dashboard/read-model.ts'
import { kinesisShardLimit } from '../../../dashboard/shard-limit.ts'

export const asOf = 1_790_000_000_000

export const shardId = (number: number): string => `shardId-${String(number).padStart(12, '0')}`

/** An open, idle shard, with what is said otherwise. */
export const sampleShard = (number: number, changes: Partial<StreamShardView> = {}): StreamShardView => ({
  id: shardId(number),
  counted: 0,
  rejected: 0,
  votesPerSecond: 0,
  lastArrival: asOf - 1_000,
  open: true,
  parents: [],
  traffic: { recordsPerSecond: 0, bytesPerSecond: 0, throttledPerSecond: 0 },
  ...changes,
})

/** A system with these shards that has counted and measured nothing. */
export const sampleStats = (shards: StreamShardView[], changes: Partial<Stats> = {}): Stats => {
  const stage = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0, clamped: 0, buckets: [] }
  return {
    asOf,
    counted: 0,
    rejected: {},
    latency: { acceptedToStored: stage, storedToCounted: stage, acceptedToCounted: stage },
    shards,
    shardLimit: kinesisShardLimit,
    throttledPerSecond: null,
    behindMs: null,
    ...changes,
  }
}
