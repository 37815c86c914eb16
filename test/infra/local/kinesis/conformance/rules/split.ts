import { expect } from 'vitest'
import { keysRead, putEach } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule } from '../rule.ts'
import { allHashKeys, expectAllHashKeysOnce, isOpen, shardName, shardsOf, splitStream } from '../shards.ts'

const last = allHashKeys - 1n
const middle = String(allHashKeys / 2n)

export const splitRules: readonly Rule[] = [
  {
    fact: 'a split ends a shard, and two children share its hash keys from the new one on',
    aws: 'SplitShard: "the new hash key, which is the position in the shard where the shard gets split in two"; API_Shard, ParentShardId',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      await kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey: '1000' })
      await kinesis.active(StreamName)
      const shards = await shardsOf(kinesis, StreamName)
      expect(shards.map(isOpen)).toEqual([false, true, true])
      expect(shards.slice(1)).toMatchObject([
        {
          ShardId: shardName(1),
          ParentShardId: shardName(0),
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '999' },
        },
        {
          ShardId: shardName(2),
          ParentShardId: shardName(0),
          HashKeyRange: { StartingHashKey: '1000', EndingHashKey: String(last) },
        },
      ])
      expect(shards.every(({ AdjacentParentShardId }) => AdjacentParentShardId === undefined)).toBe(true)
      expectAllHashKeysOnce(shards)
    },
  },
  {
    fact: 'after a split records go to the children, and the parent keeps those it had',
    aws: 'developer guide, resharding: "after the reshard, data records with those hash keys are routed to the child shards"; "any data records that were in the parent shard before the reshard remain"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      await putEach(kinesis, StreamName, ['before'])
      await kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey: middle })
      await kinesis.active(StreamName)
      const put = (key: bigint) =>
        kinesis.putRecord({
          StreamName,
          PartitionKey: 'k',
          ExplicitHashKey: String(key),
          Data: Buffer.from('x'),
        })
      expect((await put(0n)).ShardId).toBe(shardName(1))
      expect((await put(allHashKeys / 2n - 1n)).ShardId).toBe(shardName(1))
      expect((await put(allHashKeys / 2n)).ShardId).toBe(shardName(2))
      expect(await keysRead(kinesis, StreamName, 'TRIM_HORIZON')).toEqual(['before'])
    },
  },
  {
    fact: 'the ending number of a split shard is not below that of its last record',
    aws: 'SequenceNumberRange: "The range of possible sequence numbers for the shard."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      const receipts = await putEach(kinesis, StreamName, ['a', 'b'])
      await kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey: middle })
      await kinesis.active(StreamName)
      const [parent] = await shardsOf(kinesis, StreamName)
      const { StartingSequenceNumber, EndingSequenceNumber } = parent?.SequenceNumberRange ?? {}
      const [start, newest, end] = [
        StartingSequenceNumber,
        receipts[1]?.SequenceNumber,
        EndingSequenceNumber,
      ].map((number) => BigInt(number ?? -1))
      expect(start).toBeLessThanOrEqual(newest ?? -1n)
      expect(newest).toBeLessThanOrEqual(end ?? -1n)
    },
  },
  {
    fact: 'a split is within the hash keys of its shard, and leaves no child empty',
    aws: 'SplitShard: "it can be any hash key value in the range being mapped into the shard" (the type of the refusal observed by kinesalite)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      for (const NewStartingHashKey of ['0', String(last)])
        await refused(
          kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey }),
          'InvalidArgumentException',
        )
    },
  },
  {
    fact: 'a shard is split once',
    aws: 'SplitShard, errors: InvalidArgumentException (an ended shard: observed by others)',
    check: async (kinesis) => {
      const StreamName = await splitStream(kinesis)
      await refused(
        kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey: '1000' }),
        'InvalidArgumentException',
      )
    },
  },
  {
    fact: 'a shard or stream that is not there cannot be split',
    aws: 'SplitShard: "If the specified stream does not exist, DescribeStreamSummary returns a ResourceNotFoundException."; errors: ResourceNotFoundException',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const wanted of [
        { StreamName, ShardToSplit: shardName(5) },
        { StreamName: kinesis.newName(), ShardToSplit: shardName(0) },
      ])
        await refused(
          kinesis.splitShard({ ...wanted, NewStartingHashKey: middle }),
          'ResourceNotFoundException',
        )
    },
  },
  {
    fact: 'an on-demand stream cannot be split',
    aws: 'SplitShard: "This API is only supported for the data streams with the provisioned capacity mode."',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      await kinesis.createStream({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
      await kinesis.active(StreamName)
      await refused(
        kinesis.splitShard({ StreamName, ShardToSplit: shardName(0), NewStartingHashKey: '1000' }),
        'ValidationException',
        'InvalidArgumentException',
      )
    },
  },
]
