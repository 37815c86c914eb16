import { type Refusal, refusal } from '../../aws/service.ts'
import { type Shard, shardId } from '../shard.ts'
import { accountId, type Stream } from '../stream.ts'

/**
 * The shard with this id. Like AWS, takes its number alone too (`0`, `shardId-0`, `x-0`).
 */
export const findShard = (stream: Stream, id: string): Shard | Refusal => {
  const index = shardIndex(id)
  if (index === undefined) return couldNotFind(stream.name, id)
  return stream.shards.find((shard) => shard.index === index) ?? shardNotFound(stream.name, index)
}

/** The same for SplitShard and MergeShards, which word a missing shard in one way (as observed by kinesalite). */
export const findShardToChange = (stream: Stream, id: string): Shard | Refusal => {
  const index = shardIndex(id)
  if (index === undefined) return couldNotFind(stream.name, id)
  return stream.shards.find((shard) => shard.index === index) ?? couldNotFind(stream.name, shardId(index))
}

const couldNotFind = (streamName: string, id: string): Refusal =>
  refusal(
    'ResourceNotFoundException',
    `Could not find shard ${id} in stream ${streamName} under account ${accountId}.`,
  )

export const shardNotFound = (streamName: string, index: number): Refusal =>
  refusal(
    'ResourceNotFoundException',
    `Shard ${shardId(index)} in stream ${streamName} under account ${accountId} does not exist`,
  )

const maxShardIndex = 2 ** 31 - 1

export const shardIndex = (id: string): number | undefined => {
  const digits = id.split('-')[1] || id
  const index = /^\d+$/.test(digits) ? Number(digits) : Number.NaN
  return index <= maxShardIndex ? index : undefined
}
