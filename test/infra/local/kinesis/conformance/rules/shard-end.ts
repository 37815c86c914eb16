import type { GetRecordsOutput } from '@aws-sdk/client-kinesis'
import { expect } from 'vitest'
import { answersFrom, iteratorOf, keysRead, putEach, recordsFrom } from '../reading.ts'
import { type Rule, type RuleClient, until } from '../rule.ts'
import { allHashKeys, mergeFirst, shardName, splitFirst } from '../shards.ts'

/** The last answer from an iterator on, which must be that of the shard's end. */
const endOf = async (kinesis: RuleClient, iterator: string): Promise<GetRecordsOutput> => {
  const end = (await answersFrom(kinesis, iterator)).at(-1) ?? { Records: [] }
  expect(end.NextShardIterator ?? null).toBeNull()
  return end
}

export const shardEndRules: readonly Rule[] = [
  {
    fact: 'at the end of an ended shard there is no next iterator',
    aws: 'GetRecords, NextShardIterator: "If set to null, the shard has been closed and the requested iterator does not return any more data."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      await putEach(kinesis, StreamName, ['a', 'b'])
      await splitFirst(kinesis, StreamName)
      await endOf(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      expect(await keysRead(kinesis, StreamName, 'TRIM_HORIZON')).toEqual(['a', 'b'])
    },
  },
  {
    fact: 'a shard that ended without a record has its end at once',
    aws: 'GetRecords: "If the shard has been closed, the shard iterator can\'t return more data and GetRecords returns null in NextShardIterator."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      await splitFirst(kinesis, StreamName)
      const end = await endOf(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      expect(end.Records).toEqual([])
    },
  },
  {
    fact: 'at the end of a split shard both children are named',
    aws: 'GetRecords, ChildShards: "The list of the current shard\'s child shards, returned in the GetRecords API\'s response only when the end of the current shard is reached."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      await putEach(kinesis, StreamName, ['a'])
      await splitFirst(kinesis, StreamName)
      const { ChildShards } = await endOf(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      const half = allHashKeys / 2n
      expect(ChildShards).toEqual([
        {
          ShardId: shardName(1),
          ParentShards: [shardName(0)],
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) },
        },
        {
          ShardId: shardName(2),
          ParentShards: [shardName(0)],
          HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(allHashKeys - 1n) },
        },
      ])
    },
  },
  {
    fact: 'at the end of a merged shard its child is named with both parents',
    aws: 'ChildShard, ParentShards: "The current shard that is the parent of the existing child shard." (an array)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await mergeFirst(kinesis, StreamName)
      const { ChildShards } = await endOf(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      expect(ChildShards).toMatchObject([
        { ShardId: shardName(2), ParentShards: [shardName(0), shardName(1)] },
      ])
    },
  },
  {
    fact: 'an iterator from before a split reads on to the end of its shard',
    aws: 'SplitShard: "Read and write operations continue to work while the stream is in the UPDATING state."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      const before = await iteratorOf(kinesis, StreamName, 'LATEST')
      await putEach(kinesis, StreamName, ['a'])
      await splitFirst(kinesis, StreamName)
      expect((await recordsFrom(kinesis, before)).map(({ PartitionKey }) => PartitionKey)).toEqual(['a'])
      await endOf(kinesis, before)
    },
  },
  {
    fact: 'behind the last record of an ended shard there is its end',
    aws: 'GetShardIterator: "If the shard is closed, GetShardIterator returns a valid iterator for the last sequence number of the shard."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      const [only] = await putEach(kinesis, StreamName, ['a'])
      await splitFirst(kinesis, StreamName)
      const start = { StartingSequenceNumber: only?.SequenceNumber }
      for (const iterator of [
        await iteratorOf(kinesis, StreamName, 'AFTER_SEQUENCE_NUMBER', start),
        await iteratorOf(kinesis, StreamName, 'LATEST'),
      ]) {
        expect(await recordsFrom(kinesis, iterator)).toEqual([])
        await endOf(kinesis, iterator)
      }
    },
  },
  {
    fact: 'an open shard never ends',
    aws: 'GetRecords: "GetRecords returns a new shard iterator in NextShardIterator."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(1)
      let ShardIterator: string | undefined = await iteratorOf(kinesis, StreamName, 'LATEST')
      let reads = 0
      await until(async () => {
        const answer = await kinesis.getRecords({ ShardIterator })
        expect(answer.NextShardIterator).toEqual(expect.any(String))
        expect(answer.ChildShards ?? []).toEqual([])
        ShardIterator = answer.NextShardIterator
        reads += 1
        return reads === 3
      })
    },
  },
]
