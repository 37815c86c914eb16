import type { ShardFilterType } from '@aws-sdk/client-kinesis'
import { expect } from 'vitest'
import { clockPasses } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'
import { idsOf, shardName, splitFirst, splitStream } from '../shards.ts'

const filtered = async (
  kinesis: RuleClient,
  StreamName: string,
  Type: ShardFilterType,
  more: { ShardId?: string; Timestamp?: Date } = {},
) => idsOf((await kinesis.listShards({ StreamName, ShardFilter: { Type, ...more } })).Shards)

export const listShardsRules: readonly Rule[] = [
  {
    fact: 'shards are listed page by page, by a token that stands alone',
    aws: 'ListShards, NextToken: "if you explicitly specify a value for MaxResults that is less than the number of shards in the data stream, the response includes a pagination token named NextToken"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      const first = await kinesis.listShards({ StreamName, MaxResults: 2 })
      expect(idsOf(first.Shards)).toEqual([0, 1].map(shardName))
      expect(first.NextToken).toBeDefined()
      const rest = await kinesis.listShards({ NextToken: first.NextToken })
      expect(idsOf(rest.Shards)).toEqual([shardName(2)])
      expect(rest.NextToken).toBeUndefined()
    },
  },
  {
    fact: 'a page of shards that a token leads to can be limited too',
    aws: 'ListShards, NextToken: "You can optionally specify a value for the MaxResults parameter when you specify NextToken."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(4)
      const { NextToken } = await kinesis.listShards({ StreamName, MaxResults: 1 })
      expect(NextToken).toBeDefined()
      const second = await kinesis.listShards({ NextToken, MaxResults: 2 })
      expect(idsOf(second.Shards)).toEqual([1, 2].map(shardName))
      const third = await kinesis.listShards({ NextToken: second.NextToken })
      expect(idsOf(third.Shards)).toEqual([shardName(3)])
    },
  },
  {
    fact: 'a token and a stream cannot be given together, and one of them must be',
    aws: 'ListShards, StreamName: "You cannot specify this parameter if you specify the NextToken parameter."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await refused(kinesis.listShards({ StreamName, NextToken: 'x' }), 'InvalidArgumentException')
      await refused(kinesis.listShards({}), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a token that was made up is refused',
    aws: 'ListShards: NextToken is that "of a previous call"; errors: InvalidArgumentException, ExpiredNextTokenException',
    check: async (kinesis) => {
      await refused(
        kinesis.listShards({ NextToken: 'bm8gdG9rZW4=' }),
        'InvalidArgumentException',
        'ExpiredNextTokenException',
      )
    },
  },
  {
    fact: 'shards are listed behind a shard',
    aws: 'ListShards, ExclusiveStartShardId: "starting with the shard whose ID immediately follows ExclusiveStartShardId"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      const { Shards } = await kinesis.listShards({ StreamName, ExclusiveStartShardId: shardName(0) })
      expect(idsOf(Shards)).toEqual([1, 2].map(shardName))
      expect(await filtered(kinesis, StreamName, 'AFTER_SHARD_ID', { ShardId: shardName(1) })).toEqual([
        shardName(2),
      ])
    },
  },
  {
    fact: 'ended shards are listed as long as their records are kept',
    aws: 'ShardFilter, FROM_TRIM_HORIZON: "(default), the response includes all the shards within the retention period of the data stream (trim to tip)"',
    check: async (kinesis) => {
      const StreamName = await splitStream(kinesis)
      const all = [0, 1, 2].map(shardName)
      expect(idsOf((await kinesis.listShards({ StreamName })).Shards)).toEqual(all)
      expect(await filtered(kinesis, StreamName, 'FROM_TRIM_HORIZON')).toEqual(all)
    },
  },
  {
    fact: 'the filter AT_LATEST lists open shards only',
    aws: 'ShardFilter, AT_LATEST: "the response includes only the currently open shards of the data stream"',
    check: async (kinesis) => {
      const StreamName = await splitStream(kinesis)
      expect(await filtered(kinesis, StreamName, 'AT_LATEST')).toEqual([1, 2].map(shardName))
    },
  },
  {
    fact: 'the filter AT_TRIM_HORIZON lists the shards that were open at the beginning',
    aws: 'ShardFilter, AT_TRIM_HORIZON: "the response includes all the shards that were open at TRIM_HORIZON"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await clockPasses(Date.now() + 20)
      await splitFirst(kinesis, StreamName)
      expect(await filtered(kinesis, StreamName, 'AT_TRIM_HORIZON')).toEqual([shardName(0)])
    },
  },
  {
    fact: 'the filter AT_TIMESTAMP lists the shards that were open at a time',
    aws: 'ShardFilter, AT_TIMESTAMP: "all shards whose start timestamp is less than or equal to the given timestamp and end timestamp is greater than or equal to the given timestamp or still open"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const before = new Date()
      await clockPasses(before.getTime() + 20)
      await splitFirst(kinesis, StreamName)
      await clockPasses(Date.now() + 20)
      const after = new Date()
      expect(await filtered(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp: before })).toEqual([
        shardName(0),
      ])
      expect(await filtered(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp: after })).toEqual(
        [1, 2].map(shardName),
      )
    },
  },
  {
    fact: 'the filter FROM_TIMESTAMP lists open shards and those that ended later',
    aws: 'ShardFilter, FROM_TIMESTAMP: "all closed shards whose end timestamp is greater than or equal to the given timestamp and also all open shards"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const before = new Date()
      await clockPasses(before.getTime() + 20)
      await splitFirst(kinesis, StreamName)
      await clockPasses(Date.now() + 20)
      const after = new Date()
      expect(await filtered(kinesis, StreamName, 'FROM_TIMESTAMP', { Timestamp: before })).toEqual(
        [0, 1, 2].map(shardName),
      )
      expect(await filtered(kinesis, StreamName, 'FROM_TIMESTAMP', { Timestamp: after })).toEqual(
        [1, 2].map(shardName),
      )
    },
  },
  {
    fact: 'a filter needs what its type asks for',
    aws: 'ListShards, ShardFilter: "If you specify the AFTER_SHARD_ID type, you must also provide the value for the optional ShardId property."; the same for Timestamp',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const Type of ['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'] as const)
        await refused(filtered(kinesis, StreamName, Type), 'InvalidArgumentException', 'ValidationException')
    },
  },
  {
    fact: 'a page of shards is of 1 to 10,000',
    aws: 'ListShards, MaxResults: "Valid Range: Minimum value of 1. Maximum value of 10000."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const MaxResults of [0, 10_001])
        await refused(kinesis.listShards({ StreamName, MaxResults }), 'ValidationException')
    },
  },
]
