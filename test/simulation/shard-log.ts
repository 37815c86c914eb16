import type { StreamShard, VoteStream } from '../../aggregators/close/vote-stream.ts'
import { isAfter } from '../../aggregators/sequence-number.ts'
import { controlKey } from '../../ingest/partition-key.ts'

/** A record as the stream keeps it; `arrival` in epoch ms. */
export type RawRecord = { sequenceNumber: string; arrival: number; partitionKey: string; data: Buffer }

/** A shard with its hash range `[from, to)`. */
export type LogShard = {
  id: string
  from: number
  to: number
  open: boolean
  records: RawRecord[]
  throttledUntil: number
}

export const hashKeys = 1024
export const hourMs = 3_600_000

/** The stream: every record it ever took, by shard. Nothing expires, but its retention is 24 hours. */
export type ShardLog = VoteStream & {
  shards: LogShard[]
  /** Puts a record where its hash says. */
  put(hash: number, partitionKey: string, data: Buffer, backMs?: number): void
  split(shard: LogShard): void
  /** Merges an open shard with the one whose hash range follows; one without a neighbour stays. */
  merge(shard: LogShard): void
}

/** @param now the stream's clock, epoch ms */
export const shardLog = (count: number, now: () => number): ShardLog => {
  const shards: LogShard[] = []
  // Numbers grow a digit early on, so that only whoever compares them as numbers gets them in order.
  let sequence = 990
  const add = (from: number, to: number): void => {
    const id = `shardId-${String(shards.length).padStart(12, '0')}`
    shards.push({ id, from, to, open: true, records: [], throttledUntil: 0 })
  }
  for (let at = 0; at < count; at += 1)
    add(Math.floor((hashKeys * at) / count), Math.floor((hashKeys * (at + 1)) / count))

  const openAt = (hash: number): LogShard => {
    const shard = shards.find(({ open, from, to }) => open && from <= hash && hash < to)
    if (shard === undefined) throw new Error(`no open shard holds the hash key ${hash}`)
    return shard
  }
  const append = (shard: LogShard, partitionKey: string, data: Buffer, backMs: number): void => {
    sequence += 1
    shard.records.push({ sequenceNumber: String(sequence), arrival: now() - backMs, partitionKey, data })
  }
  return {
    shards,
    put: (hash, partitionKey, data, backMs = 0) => append(openAt(hash), partitionKey, data, backMs),
    split: (shard) => {
      if (!shard.open || shard.to - shard.from < 2) return
      shard.open = false
      const middle = Math.floor((shard.from + shard.to) / 2)
      add(shard.from, middle)
      add(middle, shard.to)
    },
    merge: (shard) => {
      const neighbour = shards.find(({ open, from }) => open && from === shard.to)
      if (!shard.open || neighbour === undefined) return
      shard.open = false
      neighbour.open = false
      add(shard.from, neighbour.to)
    },
    listShards: async () =>
      shards.map(({ id, open, from }): StreamShard => ({ id, open, startingHashKey: String(from) })),
    putControl: async (wanted, data) =>
      wanted.flatMap(({ startingHashKey }) => {
        const shard = openAt(Number(startingHashKey))
        if (shard.throttledUntil > now()) return []
        append(shard, controlKey, Buffer.from(data), 0)
        return [shard.id]
      }),
    lookBeyond: async (id, sequenceNumber) => {
      const shard = shards.find((shard) => shard.id === id)
      if (shard === undefined) return 'gone'
      if (shard.records.some((record) => isAfter(record.sequenceNumber, sequenceNumber))) return 'records'
      return shard.open ? 'present' : 'end of shard'
    },
    retentionMs: async () => 24 * hourMs,
  }
}
