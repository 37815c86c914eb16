import { expect } from 'vitest'
import { putEach } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'
import { expectAllHashKeysOnce, isOpen, mergeFirst, shardName, shardsOf } from '../shards.ts'

const merge = (kinesis: RuleClient, StreamName: string, shard: number, adjacent: number) =>
  kinesis.mergeShards({
    StreamName,
    ShardToMerge: shardName(shard),
    AdjacentShardToMerge: shardName(adjacent),
  })

export const mergeRules: readonly Rule[] = [
  {
    fact: 'a merge ends two shards, and one child has the hash keys of both and the names of both',
    aws: 'MergeShards: "After the merge, the single child shard receives data for all hash key values covered by the two parent shards."; API_Shard, AdjacentParentShardId',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await mergeFirst(kinesis, StreamName)
      const shards = await shardsOf(kinesis, StreamName)
      expect(shards.map(isOpen)).toEqual([false, false, true])
      expect(shards[2]).toMatchObject({
        ShardId: shardName(2),
        ParentShardId: shardName(0),
        AdjacentParentShardId: shardName(1),
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
      })
      expectAllHashKeysOnce(shards)
      const receipts = await putEach(kinesis, StreamName, ['a', 'b', 'c'])
      expect(receipts.map(({ ShardId }) => ShardId)).toEqual(Array(3).fill(shardName(2)))
    },
  },
  {
    fact: 'shards with others between them cannot be merged, nor one with itself',
    aws: 'MergeShards: "Two shards are considered adjacent if the union of the hash key ranges for the two shards form a contiguous set with no gaps."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      await refused(merge(kinesis, StreamName, 0, 2), 'InvalidArgumentException')
      await refused(merge(kinesis, StreamName, 1, 1), 'InvalidArgumentException')
    },
  },
  {
    fact: 'the adjacent shard of a merge is the upper one',
    aws: 'not in the API reference; kinesalite, checked against AWS, was answered InvalidArgumentException, "not an adjacent pair of shards eligible for merging", "if adjacency is inverted"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await refused(merge(kinesis, StreamName, 1, 0), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a shard is merged once',
    aws: 'MergeShards, errors: InvalidArgumentException (an ended shard: observed by others)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await mergeFirst(kinesis, StreamName)
      await refused(merge(kinesis, StreamName, 0, 1), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a shard or stream that is not there cannot be merged',
    aws: 'MergeShards: "If the specified stream does not exist, MergeShards returns a ResourceNotFoundException."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await refused(merge(kinesis, StreamName, 1, 5), 'ResourceNotFoundException')
      await refused(merge(kinesis, kinesis.newName(), 0, 1), 'ResourceNotFoundException')
    },
  },
]
