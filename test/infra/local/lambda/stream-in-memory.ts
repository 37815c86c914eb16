import { frameCapacity, frameEnd, writeFrame } from '../../../../infra/local/kinesis/log/frame.ts'
import type { ShardLog } from '../../../../infra/local/kinesis/log/shard-log.ts'
import { sequencePrefix } from '../../../../infra/local/kinesis/sequence-number.ts'
import { type Shard, shardId } from '../../../../infra/local/kinesis/shard.ts'
import type { Stream } from '../../../../infra/local/kinesis/stream.ts'
import { openTraffic } from '../../../../infra/local/kinesis/traffic.ts'
import { noWriteLimit } from '../../../../infra/local/kinesis/write-limit.ts'

/** A record that was put, as a test knows it: its arrival in epoch ms, and where it ends in its shard's log. */
export type PutRecord = { data: string; arrival: number; end: number }
export type MemoryShard = Shard & { records: PutRecord[] }

export type MemoryStream = {
  /** As a mapping reads it. */
  stream: Stream
  shards: MemoryShard[]
  put(shard: MemoryShard, arrival: number): void
  split(shard: MemoryShard, now: number): void
  merge(left: MemoryShard, right: MemoryShard, now: number): void
}

const createdAt = 1_000_000

/** What an event source mapping reads of a stream, kept in memory; shards are chosen by whoever puts. */
export const streamInMemory = (): MemoryStream => {
  const shards: MemoryShard[] = []
  const logs = new Map<MemoryShard, { bytes: Buffer }>()
  let puts = 0
  const add = (...parents: MemoryShard[]): void => {
    const index = shards.length
    const log = { bytes: Buffer.alloc(0) }
    const shard: MemoryShard = {
      index,
      id: shardId(index),
      prefix: sequencePrefix(createdAt, index),
      range: { start: '0', end: '0' },
      ...(parents[0] && { parent: parents[0].id }),
      ...(parents[1] && { adjacentParent: parents[1].id }),
      log: logOf(log),
      limit: noWriteLimit,
      traffic: openTraffic(0),
      records: [],
    }
    logs.set(shard, log)
    shards.push(shard)
  }
  add()
  return {
    stream: { name: 'votes', arn: 'arn', createdAt, shards } as Partial<Stream> as Stream,
    shards,
    put: (shard, arrival) => {
      const log = logs.get(shard)
      if (log === undefined || shard.endedAt !== undefined) throw new Error(`${shard.id} takes no records`)
      puts += 1
      const data = `r${puts}`
      const frame = Buffer.alloc(frameCapacity('key', data))
      const end = writeFrame(frame, 0, 1, shard.records.length, arrival, 'key', data)
      log.bytes = Buffer.concat([log.bytes, frame.subarray(0, end)])
      shard.records.push({ data, arrival, end: log.bytes.length })
    },
    split: (shard, now) => {
      shard.endedAt = now
      add(shard)
      add(shard)
    },
    merge: (left, right, now) => {
      left.endedAt = now
      right.endedAt = now
      add(left, right)
    },
  }
}

const logOf = (log: { bytes: Buffer }): ShardLog =>
  ({
    start: () => ({ segment: 0, offset: 0 }),
    end: () => ({ segment: 0, offset: log.bytes.length }),
    read: async (from, maxRecords) => {
      let end = from.offset
      let count = 0
      for (; count < maxRecords && end < log.bytes.length; count += 1) end = frameEnd(log.bytes, end)
      const bytes = Buffer.from(log.bytes.subarray(from.offset, end))
      return { bytes, count, from, next: { segment: 0, offset: end } }
    },
  }) satisfies Partial<ShardLog> as Partial<ShardLog> as ShardLog
