import { hashToDecimal } from '../hash-key.ts'
import { sequenceNumber } from '../sequence-number.ts'
import { type Shard, type ShardRecord, shardId } from '../shard.ts'
import type { Stream } from '../stream.ts'

const hourMs = 3_600_000

/** When records start to be within retention; a younger stream's own beginning. Epoch ms. */
export const trimHorizon = (stream: Stream, now: number): number =>
  Math.max(stream.createdAt, now - stream.retentionHours * hourMs)

/** The shards that AWS lists, in the order of their ids: those whose records have all expired are left out. */
export const listedShards = (stream: Stream, now: number): Shard[] =>
  stream.shards
    .filter(({ endedAt }) => endedAt === undefined || endedAt >= trimHorizon(stream, now))
    .sort((left, right) => left.index - right.index)

/** A shard begins when its parents end, and the first ones with the stream. Epoch ms. */
export const startedAt = (stream: Stream, shard: ShardRecord): number =>
  stream.shards.find(({ id }) => id === shard.parent)?.endedAt ?? stream.createdAt

export const hashKeyRange = ({ range }: ShardRecord): object => ({
  StartingHashKey: hashToDecimal(range.start),
  EndingHashKey: hashToDecimal(range.end),
})

/** A shard as DescribeStream and ListShards show it. */
export const describeShard = (shard: Shard): object => ({
  ShardId: shard.id,
  ...(shard.parent === undefined ? {} : { ParentShardId: shard.parent }),
  ...(shard.adjacentParent === undefined ? {} : { AdjacentParentShardId: shard.adjacentParent }),
  HashKeyRange: hashKeyRange(shard),
  SequenceNumberRange: {
    StartingSequenceNumber: sequenceNumber(shard.prefix, 0, 0),
    ...(shard.endingSequenceNumber === undefined ? {} : { EndingSequenceNumber: shard.endingSequenceNumber }),
  },
})

/** The children of a shard that has ended, as GetRecords names them. */
export const describeChildren = (stream: Stream, parent: Shard): object[] =>
  stream.shards
    .filter((shard) => shard.parent === parent.id || shard.adjacentParent === parent.id)
    .map((child) => ({
      ShardId: shardId(child.index),
      ParentShards: [child.parent, child.adjacentParent].filter((id) => id !== undefined),
      HashKeyRange: hashKeyRange(child),
    }))
