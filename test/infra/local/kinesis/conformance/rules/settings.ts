import { expect } from 'vitest'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'
import { shardsOf } from '../shards.ts'

const summaryOf = async (kinesis: RuleClient, StreamName: string) =>
  (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary

const lengthen = async (kinesis: RuleClient, StreamName: string, RetentionPeriodHours: number) => {
  await kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours })
  await kinesis.active(StreamName)
}

export const settingsRules: readonly Rule[] = [
  {
    fact: 'the retention period goes up to 8,760 hours and back to 24',
    aws: 'IncreaseStreamRetentionPeriod: "The maximum value of a stream\'s retention period is 8760 hours (365 days)."; DecreaseStreamRetentionPeriod: "The minimum value of a stream\'s retention period is 24 hours."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await lengthen(kinesis, StreamName, 8760)
      expect((await summaryOf(kinesis, StreamName))?.RetentionPeriodHours).toBe(8760)
      await kinesis.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 24 })
      await kinesis.active(StreamName)
      expect((await summaryOf(kinesis, StreamName))?.RetentionPeriodHours).toBe(24)
    },
  },
  {
    fact: 'a retention period over 8,760 or below 24 hours is refused',
    aws: '"The maximum value of a stream\'s retention period is 8760 hours (365 days)."; "The minimum value of a stream\'s retention period is 24 hours."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await lengthen(kinesis, StreamName, 48)
      const types = ['InvalidArgumentException', 'ValidationException']
      await refused(
        kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 8761 }),
        ...types,
      )
      await refused(kinesis.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 23 }), ...types)
    },
  },
  {
    fact: 'an increase of the retention period cannot make it shorter, nor a decrease longer',
    aws: 'RetentionPeriodHours: "Must be more than the current retention period." and "Must be less than the current retention period."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await lengthen(kinesis, StreamName, 72)
      await refused(
        kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 }),
        'InvalidArgumentException',
      )
      await refused(
        kinesis.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 96 }),
        'InvalidArgumentException',
      )
    },
  },
  {
    fact: 'metrics of shards are switched on and off, and the answer names those before and after',
    aws: 'EnhancedMonitoringOutput: CurrentShardLevelMetrics, "in the enhanced state before the operation"; DesiredShardLevelMetrics, "would be in the enhanced state after the operation"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const on = await kinesis.enableEnhancedMonitoring({
        StreamName,
        ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
      })
      expect(on.CurrentShardLevelMetrics).toEqual([])
      expect(on.DesiredShardLevelMetrics?.toSorted()).toEqual(['IncomingBytes', 'OutgoingBytes'])
      await kinesis.active(StreamName)
      const off = await kinesis.disableEnhancedMonitoring({
        StreamName,
        ShardLevelMetrics: ['IncomingBytes'],
      })
      expect(off.CurrentShardLevelMetrics?.toSorted()).toEqual(['IncomingBytes', 'OutgoingBytes'])
      expect(off.DesiredShardLevelMetrics).toEqual(['OutgoingBytes'])
      await kinesis.active(StreamName)
      const summary = await summaryOf(kinesis, StreamName)
      expect(summary?.EnhancedMonitoring).toEqual([{ ShardLevelMetrics: ['OutgoingBytes'] }])
    },
  },
  {
    fact: 'ALL stands for every metric',
    aws: 'EnhancedMetrics: "The value \\"ALL\\" enhances every metric." and, for DisableEnhancedMonitoring, "disables every metric"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const all = { StreamName, ShardLevelMetrics: ['ALL' as const] }
      const on = await kinesis.enableEnhancedMonitoring(all)
      // Whether AWS shows it as ALL or as the seven it stands for is not documented.
      expect([1, 7]).toContain(on.DesiredShardLevelMetrics?.length)
      await kinesis.active(StreamName)
      const off = await kinesis.disableEnhancedMonitoring(all)
      expect(off.DesiredShardLevelMetrics).toEqual([])
    },
  },
  {
    fact: 'a metric that does not exist is refused',
    aws: 'EnableEnhancedMonitoring, ShardLevelMetrics: "Array Members: Minimum number of 1 item. Maximum number of 7 items. Valid Values: ..."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const ShardLevelMetrics of [['Weather'], []]) {
        const answer = await kinesis.post('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics })
        expect([answer.status, JSON.parse(String(answer.body)).__type]).toEqual([400, 'ValidationException'])
      }
    },
  },
  {
    fact: 'the limits tell how many shards are open and how many there may be',
    aws: 'DescribeLimits: ShardLimit, "The maximum number of shards."; OpenShardCount, "The number of open shards."',
    check: async (kinesis) => {
      const before = await kinesis.describeLimits({})
      await kinesis.newStream(3)
      const after = await kinesis.describeLimits({})
      expect((after.OpenShardCount ?? 0) - (before.OpenShardCount ?? 0)).toBe(3)
      expect(after.ShardLimit).toBeGreaterThan(after.OpenShardCount ?? 0)
      expect(after).toMatchObject({
        OnDemandStreamCount: expect.any(Number),
        OnDemandStreamCountLimit: expect.any(Number),
      })
    },
  },
  {
    fact: 'more shards than the account may have are refused',
    aws: 'CreateStream: "You receive a LimitExceededException when" you try to "Create more shards than are authorized for your account."',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      await refused(kinesis.createStream({ StreamName, ShardCount: 1001 }), 'LimitExceededException')
    },
  },
  {
    fact: 'the mode is switched by ARN, and the shards stay',
    aws: 'UpdateStreamMode, StreamARN required; developer guide: "When you switch from provisioned to on-demand mode, your data stream initially retains whatever shard count it had"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      const StreamARN = (await summaryOf(kinesis, StreamName))?.StreamARN
      await kinesis.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
      await kinesis.active(StreamName)
      const summary = await summaryOf(kinesis, StreamName)
      expect(summary?.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' })
      expect(await shardsOf(kinesis, StreamName)).toHaveLength(2)
    },
  },
]
