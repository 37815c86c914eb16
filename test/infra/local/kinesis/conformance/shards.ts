import type { Shard } from '@aws-sdk/client-kinesis'
import { expect } from 'vitest'
import type { RuleClient } from './rule.ts'

export const allHashKeys = 2n ** 128n

/** All shards of a stream, by ListShards. */
export const shardsOf = async (kinesis: RuleClient, StreamName: string): Promise<Shard[]> =>
  (await kinesis.listShards({ StreamName })).Shards ?? []

export const idsOf = (shards: readonly Shard[] | undefined): (string | undefined)[] =>
  (shards ?? []).map(({ ShardId }) => ShardId)

export const shardName = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

export const isOpen = ({ SequenceNumberRange }: Shard): boolean =>
  SequenceNumberRange?.EndingSequenceNumber === undefined

/** First and last hash key of a shard. */
export const rangeOf = ({ HashKeyRange }: Shard): [start: bigint, end: bigint] => {
  expect(HashKeyRange).toBeDefined()
  return [BigInt(HashKeyRange?.StartingHashKey ?? -1), BigInt(HashKeyRange?.EndingHashKey ?? -1)]
}

/** Expects the ranges of the open shards to follow each other from the first hash key to the last. */
export const expectAllHashKeysOnce = (shards: readonly Shard[]): void => {
  const ranges = shards
    .filter(isOpen)
    .map(rangeOf)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  const starts = ranges.map(([start]) => start)
  const followers = ranges.map(([, end]) => end + 1n)
  expect([...starts, allHashKeys]).toEqual([0n, ...followers])
}

/** A stream whose only shard was split in the middle: shards 1 and 2 are its children. */
export const splitStream = async (kinesis: RuleClient): Promise<string> => {
  const StreamName = await kinesis.newStream(1)
  await splitFirst(kinesis, StreamName)
  return StreamName
}

export const splitFirst = async (kinesis: RuleClient, StreamName: string): Promise<void> => {
  const NewStartingHashKey = String(allHashKeys / 2n)
  await kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey })
  await kinesis.active(StreamName)
}

/** Merges the first two shards of a stream of two: shard 2 is their child. */
export const mergeFirst = async (kinesis: RuleClient, StreamName: string): Promise<void> => {
  await kinesis.mergeShards({ StreamName, ShardToMerge: shardName(0), AdjacentShardToMerge: shardName(1) })
  await kinesis.active(StreamName)
}
