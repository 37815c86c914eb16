import type { StreamShard, VoteStream } from '../../../aggregators/close/vote-stream.ts'
import type { ArrivedRecord } from '../../../aggregators/evolve.ts'
import { isAfter } from '../../../aggregators/sequence-number.ts'
import { readRecord } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import { aRecord } from '../arrivals.ts'

type MemoryShard = { open: boolean; records: ArrivedRecord[] }

/** A stream in memory: records per shard, splits, and shards that expire. */
export type MemoryVoteStream = VoteStream & {
  shards: Map<string, MemoryShard>
  /** Puts votes, or whatever is read, into a shard. */
  put(shardId: string, ...records: ArrivedRecord[]): void
  /** Ends a shard; its hash range goes to a child. */
  split(shardId: string, childId: string): void
  /** Takes a shard with its records away, as the end of retention does. */
  expire(shardId: string): void
  /** Takes a shard's records away. */
  expireRecords(shardId: string): void
  /** When shards were born, epoch ms: the first ones at 0. */
  born: Map<string, number>
  /** Refuses controls for these shards, as a throttled shard does. */
  throttled: Set<string>
}

/** @param now the stream's clock, epoch ms */
export const memoryVoteStream = (
  shardIds: readonly string[],
  retentionMs = 86_400_000,
  now = (): number => 0,
): MemoryVoteStream => {
  const shards = new Map<string, MemoryShard>(shardIds.map((id) => [id, { open: true, records: [] }]))
  const children = new Map<string, string>()
  const throttled = new Set<string>()
  const born = new Map(shardIds.map((id) => [id, 0]))
  const heir = (id: string): string => {
    const child = children.get(id)
    return child === undefined ? id : heir(child)
  }
  const shardOf = (id: string): MemoryShard => {
    const shard = shards.get(id)
    if (shard === undefined) throw new Error(`there is no shard ${id}`)
    return shard
  }
  const nextAt = (shard: MemoryShard): number => (shard.records.at(-1)?.arrival ?? 0) + 1

  return {
    shards,
    throttled,
    born,
    put: (id, ...records) => shardOf(id).records.push(...records),
    split: (id, childId) => {
      shardOf(id).open = false
      shards.set(childId, { open: true, records: [] })
      born.set(childId, now())
      children.set(id, childId)
    },
    expire: (id) => shards.delete(id),
    expireRecords: (id) => {
      shardOf(id).records = []
    },
    listShards: async () =>
      [...shards].map(([id, { open }]): StreamShard => ({ id, open, startingHashKey: id })),
    putControl: async (wanted, data) =>
      wanted.flatMap(({ id }) => {
        const taker = heir(id)
        if (throttled.has(taker)) return []
        const shard = shardOf(taker)
        shard.records.push(aRecord(nextAt(shard), readRecord(controlKey, data)))
        return [taker]
      }),
    lookBeyond: async (id, sequenceNumber) => {
      const shard = shards.get(id)
      if (shard === undefined) return 'gone'
      if (shard.records.some((record) => isAfter(record.sequenceNumber, sequenceNumber))) return 'records'
      return shard.open ? 'present' : 'end of shard'
    },
    bornSince: async (time) => new Set([...shards.keys()].filter((id) => (born.get(id) ?? 0) > time)),
    retentionMs: async () => retentionMs,
  }
}
