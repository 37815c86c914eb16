import { expect } from 'vitest'
import { putEach } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'
import { allHashKeys, expectAllHashKeysOnce, isOpen, rangeOf, shardsOf } from '../shards.ts'

const scale = (kinesis: RuleClient, StreamName: string, TargetShardCount: number) =>
  kinesis.updateShardCount({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' })

/** Expects a stream to have so many open shards, of equal size but for a millionth of all hash keys. */
const expectUniform = async (kinesis: RuleClient, StreamName: string, count: number): Promise<void> => {
  const shards = await shardsOf(kinesis, StreamName)
  const open = shards.filter(isOpen)
  expect(open).toHaveLength(count)
  expectAllHashKeysOnce(shards)
  for (const shard of open) {
    const [start, end] = rangeOf(shard)
    const off = end - start + 1n - allHashKeys / BigInt(count)
    expect((off < 0n ? -off : off) < allHashKeys / 1_000_000n).toBe(true)
  }
}

export const scalingRules: readonly Rule[] = [
  {
    fact: 'a scaling is answered with the number of shards there are and the number wanted',
    aws: 'UpdateShardCount, response: CurrentShardCount, "The current number of shards."; TargetShardCount, "The updated number of shards."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      expect(await scale(kinesis, StreamName, 4)).toMatchObject({
        StreamName,
        CurrentShardCount: 2,
        TargetShardCount: 4,
      })
    },
  },
  {
    fact: 'a scaling up leaves as many open shards of equal size',
    aws: 'UpdateShardCount: "Kinesis Data Streams performs splits or merges on individual shards."; "UNIFORM_SCALING"; "creates shards of equal size" (developer guide)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await scale(kinesis, StreamName, 4)
      await kinesis.active(StreamName)
      await expectUniform(kinesis, StreamName, 4)
      expect(await putEach(kinesis, StreamName, ['a', 'b', 'c'])).toHaveLength(3)
    },
  },
  {
    fact: 'a scaling down leaves as many open shards of equal size',
    aws: 'UpdateShardCount: "Kinesis Data Streams performs splits or merges on individual shards."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(4)
      await scale(kinesis, StreamName, 2)
      await kinesis.active(StreamName)
      await expectUniform(kinesis, StreamName, 2)
    },
  },
  {
    fact: 'a scaling to a number that no doubling gives is uniform too',
    aws: 'UpdateShardCount: "You can specify any target value within your shard limit."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(4)
      await scale(kinesis, StreamName, 5)
      await kinesis.active(StreamName)
      await expectUniform(kinesis, StreamName, 5)
    },
  },
  {
    fact: 'shards that a scaling has ended stay in the line of parents',
    aws: 'API_Shard, ParentShardId: "The shard ID of the shard\'s parent."; UpdateShardCount performs splits and merges',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await scale(kinesis, StreamName, 4)
      await kinesis.active(StreamName)
      const shards = await shardsOf(kinesis, StreamName)
      const ended = shards.filter((shard) => !isOpen(shard)).map(({ ShardId }) => ShardId)
      for (const { ParentShardId } of shards.filter(isOpen)) expect(ended).toContain(ParentShardId)
    },
  },
  {
    fact: 'a scaling is at most to double and at least to half the open shards',
    aws: 'UpdateShardCount, default limits: "Scale up to more than double your current shard count for a stream", "Scale down below half your current shard count for a stream" (which type refuses it: second-hand)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(4)
      for (const target of [9, 1])
        await refused(
          scale(kinesis, StreamName, target),
          'LimitExceededException',
          'InvalidArgumentException',
        )
      await scale(kinesis, StreamName, 8)
    },
  },
  {
    fact: 'the open shards alone count as those to be doubled or halved',
    aws: 'UpdateShardCount: "your current shard count"; the message seen on AWS says "current open shard count"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await scale(kinesis, StreamName, 4)
      await kinesis.active(StreamName)
      const limits = ['LimitExceededException', 'InvalidArgumentException']
      await refused(scale(kinesis, StreamName, 9), ...limits)
      expect(await scale(kinesis, StreamName, 8)).toMatchObject({ CurrentShardCount: 4 })
    },
  },
  {
    fact: 'a scaling is uniform and to one shard at least',
    aws: 'UpdateShardCount, ScalingType: "Valid Values: UNIFORM_SCALING"; TargetShardCount: "Minimum value of 1."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      await refused(scale(kinesis, StreamName, 0), 'ValidationException')
      const input = { StreamName, TargetShardCount: 2, ScalingType: 'SOMEHOW' }
      const answer = await kinesis.post('UpdateShardCount', input)
      expect([answer.status, JSON.parse(String(answer.body)).__type]).toEqual([400, 'ValidationException'])
    },
  },
]
