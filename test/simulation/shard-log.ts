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
  /** All it ever took. */
  records: RawRecord[]
  throttledUntil: number
  /** Records before this one (an index) have expired. */
  expired: number
  /** Records before this one were counted, and the mapping knows it. */
  acknowledged: number
  /** Records (indexes) that expired before the mapping knew that they were counted. */
  unread: Set<number>
  bornAt: number
  /** When it was split or merged, by the stream's clock; it is `gone` when all it could have has expired. */
  endedAt: number | undefined
  gone: boolean
  parents: readonly LogShard[]
}

export const hashKeys = 1024
export const hourMs = 3_600_000

export const retentionMs = 24 * hourMs

/** The stream: every record it ever took, by shard; those that have expired are kept for checks, and shown to nobody. */
export type ShardLog = VoteStream & {
  shards: LogShard[]
  /** Puts a record where its hash says. */
  put(hash: number, partitionKey: string, data: Buffer, backMs?: number): void
  /**
   * Forgets what has outlived the retention.
   * @returns how many records expired before the mapping knew that they were counted
   */
  expire(): number
  /** @returns whether it could */
  split(shard: LogShard): boolean
  /** Merges an open shard with the one whose hash range follows; one without a neighbour stays. @returns whether it could */
  merge(shard: LogShard): boolean
}

/** @param now the stream's clock, epoch ms; it is not asked before the stream is used */
export const shardLog = (count: number, createdAt: number, now: () => number): ShardLog => {
  const shards: LogShard[] = []
  // Numbers grow a digit early on, so that only whoever compares them as numbers gets them in order.
  let sequence = 990
  const add = (from: number, to: number, bornAt: number, parents: readonly LogShard[] = []): void => {
    const id = `shardId-${String(shards.length).padStart(12, '0')}`
    shards.push({
      id,
      from,
      to,
      open: true,
      records: [],
      throttledUntil: 0,
      expired: 0,
      acknowledged: 0,
      unread: new Set(),
      bornAt,
      endedAt: undefined,
      gone: false,
      parents,
    })
  }
  const end = (shard: LogShard): void => {
    shard.open = false
    shard.endedAt = now()
  }
  for (let at = 0; at < count; at += 1)
    add(Math.floor((hashKeys * at) / count), Math.floor((hashKeys * (at + 1)) / count), createdAt)

  const openAt = (hash: number): LogShard => {
    const shard = shards.find(({ open, from, to }) => open && from <= hash && hash < to)
    if (shard === undefined) throw new Error(`no open shard holds the hash key ${hash}`)
    return shard
  }
  const append = (shard: LogShard, partitionKey: string, data: Buffer, backMs: number): void => {
    sequence += 1
    shard.records.push({ sequenceNumber: String(sequence), arrival: now() - backMs, partitionKey, data })
  }
  const expireIn = (shard: LogShard): void => {
    const horizon = now() - retentionMs
    shard.gone ||= shard.endedAt !== undefined && shard.endedAt < horizon
    for (; shard.expired < shard.records.length; shard.expired += 1) {
      if (!shard.gone && (shard.records[shard.expired]?.arrival ?? 0) >= horizon) return
      if (shard.expired < shard.acknowledged) continue
      shard.unread.add(shard.expired)
    }
  }
  return {
    shards,
    expire: () => {
      const unread = (): number => shards.reduce((sum, shard) => sum + shard.unread.size, 0)
      const before = unread()
      for (const shard of shards) expireIn(shard)
      return unread() - before
    },
    put: (hash, partitionKey, data, backMs = 0) => append(openAt(hash), partitionKey, data, backMs),
    split: (shard) => {
      if (!shard.open || shard.to - shard.from < 2) return false
      end(shard)
      const middle = Math.floor((shard.from + shard.to) / 2)
      add(shard.from, middle, now(), [shard])
      add(middle, shard.to, now(), [shard])
      return true
    },
    merge: (shard) => {
      const neighbour = shards.find(({ open, from }) => open && from === shard.to)
      if (!shard.open || neighbour === undefined) return false
      end(shard)
      end(neighbour)
      add(shard.from, neighbour.to, now(), [shard, neighbour])
      return true
    },
    listShards: async () =>
      shards
        .filter(({ gone }) => !gone)
        .map(({ id, open, from }): StreamShard => ({ id, open, startingHashKey: String(from) })),
    putControl: async (wanted, data) =>
      wanted.flatMap(({ startingHashKey }) => {
        const shard = openAt(Number(startingHashKey))
        if (shard.throttledUntil > now()) return []
        append(shard, controlKey, Buffer.from(data), 0)
        return [shard.id]
      }),
    lookBeyond: async (id, sequenceNumber) => {
      const shard = shards.find((shard) => shard.id === id)
      if (shard === undefined || shard.gone) return 'gone'
      const { records, expired } = shard
      if (records.some((record, at) => at >= expired && isAfter(record.sequenceNumber, sequenceNumber)))
        return 'records'
      return shard.open ? 'present' : 'end of shard'
    },
    bornSince: async (time) =>
      new Set(shards.filter(({ bornAt, gone }) => bornAt > time && !gone).map(({ id }) => id)),
    retentionMs: async () => retentionMs,
  }
}
