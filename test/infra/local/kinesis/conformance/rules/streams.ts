import { expect } from 'vitest'
import { refused } from '../refusal.ts'
import { type Rule, until } from '../rule.ts'
import { allHashKeys, expectAllHashKeysOnce, idsOf, rangeOf, shardName, shardsOf } from '../shards.ts'

const longestName = 128

export const streamRules: readonly Rule[] = [
  {
    fact: 'a stream that was created becomes ACTIVE and is described by name, ARN, mode, retention and open shards',
    aws: 'CreateStream: "After the stream is created, Kinesis Data Streams sets the stream status to ACTIVE."; data "are accessible for 24 hours"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName })
      expect(StreamDescriptionSummary).toMatchObject({
        StreamName,
        StreamARN: expect.stringMatching(/^arn:aws:kinesis:us-east-1:\d{12}:stream\//),
        StreamStatus: 'ACTIVE',
        StreamModeDetails: { StreamMode: 'PROVISIONED' },
        RetentionPeriodHours: 24,
        EncryptionType: 'NONE',
        OpenShardCount: 3,
        ConsumerCount: 0,
      })
    },
  },
  {
    fact: 'a stream says when it was created',
    aws: 'StreamDescriptionSummary, StreamCreationTimestamp: "The approximate time that the stream was created."',
    check: async (kinesis) => {
      const before = Date.now()
      const StreamName = await kinesis.newStream()
      const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName })
      const created = StreamDescriptionSummary?.StreamCreationTimestamp?.getTime() ?? 0
      const approximatelyMs = 60_000
      expect(Math.abs(created - before)).toBeLessThan(approximatelyMs)
    },
  },
  {
    fact: 'the shards of a new stream share all hash keys out evenly, and are numbered from 0',
    aws: 'HashKeyRange: "a set of ordered contiguous positive integers"; PutRecord: "128-bit integer values"',
    check: async (kinesis) => {
      const shards = await shardsOf(kinesis, await kinesis.newStream(3))
      expect(idsOf(shards)).toEqual([0, 1, 2].map(shardName))
      expectAllHashKeysOnce(shards)
      for (const shard of shards) {
        const [start, end] = rangeOf(shard)
        const off = end - start + 1n - allHashKeys / 3n
        expect(off >= -3n && off <= 3n).toBe(true)
      }
    },
  },
  {
    fact: 'a name in use is refused',
    aws: 'CreateStream, errors: ResourceInUseException; "the stream name is scoped to the Amazon Web Services account"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await refused(kinesis.createStream({ StreamName, ShardCount: 1 }), 'ResourceInUseException')
    },
  },
  {
    fact: 'a provisioned stream needs a number of shards, one at least',
    aws: 'CreateStream: "For the data streams with a provisioned mode, you must specify the number of shards"; ShardCount, minimum 1',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      const wrong = ['ValidationException', 'InvalidArgumentException']
      await refused(kinesis.createStream({ StreamName, ShardCount: 0 }), 'ValidationException')
      await refused(
        kinesis.createStream({ StreamName, StreamModeDetails: { StreamMode: 'PROVISIONED' } }),
        ...wrong,
      )
    },
  },
  {
    fact: 'an on-demand stream is created without a number of shards',
    aws: 'CreateStream: "With the on-demand mode, Kinesis Data Streams automatically manages the shards"',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      await kinesis.createStream({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
      await kinesis.active(StreamName)
      const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName })
      // "A new on-demand stream" writes 4 MB/s (quotas), which is four shards.
      expect(StreamDescriptionSummary).toMatchObject({
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        OpenShardCount: 4,
      })
    },
  },
  {
    fact: 'a stream name has 1 to 128 letters, digits and _ . -',
    aws: 'CreateStream, StreamName: "Length Constraints: Minimum length of 1. Maximum length of 128. Pattern: [a-zA-Z0-9_.-]+"',
    check: async (kinesis) => {
      const create = (StreamName: string) => kinesis.createStream({ StreamName, ShardCount: 1 })
      for (const name of ['', 'a b', 'ä', 'x'.repeat(longestName + 1)])
        await refused(create(name), 'ValidationException')
      const StreamName = `${kinesis.newName()}_.-`.padEnd(longestName, 'x')
      await create(StreamName)
      await kinesis.active(StreamName)
      await kinesis.deleteStream({ StreamName })
    },
  },
  {
    fact: 'a stream that is not there is not found',
    aws: 'ResourceNotFoundException: "The requested resource could not be found."',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      for (const call of [
        kinesis.describeStream({ StreamName }),
        kinesis.describeStreamSummary({ StreamName }),
        kinesis.listShards({ StreamName }),
        kinesis.deleteStream({ StreamName }),
        kinesis.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.from('x') }),
        kinesis.putRecords({ StreamName, Records: [{ PartitionKey: 'k', Data: Buffer.from('x') }] }),
        kinesis.getShardIterator({ StreamName, ShardId: shardName(0), ShardIteratorType: 'LATEST' }),
      ])
        await refused(call, 'ResourceNotFoundException')
    },
  },
  {
    fact: 'a deleted stream is gone in the end, with its records, and its name is free',
    aws: 'DeleteStream: "the specified stream is in the DELETING state until Kinesis Data Streams completes the deletion"; "any shards in that stream are also deleted"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.from('x') })
      await kinesis.deleteStream({ StreamName })
      await until(() =>
        kinesis.describeStreamSummary({ StreamName }).then(
          () => false,
          ({ name }: Error) => name === 'ResourceNotFoundException',
        ),
      )
      await kinesis.createStream({ StreamName, ShardCount: 1 })
      await kinesis.active(StreamName)
      const start = { StreamName, ShardId: shardName(0), ShardIteratorType: 'TRIM_HORIZON' as const }
      const { ShardIterator } = await kinesis.getShardIterator(start)
      expect((await kinesis.getRecords({ ShardIterator })).Records).toEqual([])
    },
  },
  {
    fact: 'DescribeStream shows shards page by page, going on behind a shard',
    aws: 'DescribeStream, ExclusiveStartShardId: "starting with the shard whose ID immediately follows ExclusiveStartShardId"; HasMoreShards',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      const first = (await kinesis.describeStream({ StreamName, Limit: 2 })).StreamDescription
      expect(idsOf(first?.Shards)).toEqual([0, 1].map(shardName))
      expect(first?.HasMoreShards).toBe(true)
      const rest = (await kinesis.describeStream({ StreamName, ExclusiveStartShardId: shardName(1) }))
        .StreamDescription
      expect(idsOf(rest?.Shards)).toEqual([shardName(2)])
      expect(rest?.HasMoreShards).toBe(false)
    },
  },
  {
    fact: 'DescribeStream shows 100 shards at most',
    aws: 'DescribeStream, Limit: "If you specify a value greater than 100, at most 100 results are returned."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(101)
      const { StreamDescription } = await kinesis.describeStream({ StreamName, Limit: 200 })
      expect(StreamDescription?.Shards).toHaveLength(100)
      expect(StreamDescription?.HasMoreShards).toBe(true)
    },
  },
  {
    fact: 'a stream is named by its ARN, its name, or both',
    aws: '"When invoking this API, you must use either the StreamARN or the StreamName parameter, or both."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const summary = await kinesis.describeStreamSummary({ StreamName })
      const StreamARN = summary.StreamDescriptionSummary?.StreamARN
      const record = { PartitionKey: 'k', Data: Buffer.from('x') }
      await kinesis.putRecord({ StreamARN, ...record })
      await kinesis.putRecord({ StreamARN, StreamName, ...record })
      await kinesis.putRecords({ StreamARN, Records: [record] })
      const start = { StreamARN, ShardId: shardName(0), ShardIteratorType: 'TRIM_HORIZON' as const }
      const { ShardIterator } = await kinesis.getShardIterator(start)
      expect((await kinesis.getRecords({ StreamARN, ShardIterator })).Records).toHaveLength(3)
      expect((await kinesis.listShards({ StreamARN })).Shards).toHaveLength(1)
      expect((await kinesis.describeStream({ StreamARN })).StreamDescription).toMatchObject({ StreamName })
    },
  },
  {
    fact: 'a stream must be named somehow',
    aws: '"When invoking this API, you must use either the StreamARN or the StreamName parameter, or both."',
    check: async (kinesis) => {
      await refused(kinesis.describeStreamSummary({}), 'InvalidArgumentException', 'ValidationException')
    },
  },
]
