import { describe, expect, it } from 'vitest'
import type { Settings } from '../../../infra/aws/settings.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'
import { settingsOf } from './stage-parts.ts'
import { only, templateOf } from './template-of.ts'

const streamOf = (changes: Partial<Settings> = {}) =>
  templateOf((stack) => new VoteStream(stack, 'Votes', settingsOf(changes)))

describe('the stream', () => {
  const stream = (changes: Partial<Settings> = {}) => only(streamOf(changes), 'AWS::Kinesis::Stream')

  it('is provisioned with the shards that were asked for', () => {
    const { Properties } = stream({ shards: 32 })
    expect(Properties).toMatchObject({ ShardCount: 32, StreamModeDetails: { StreamMode: 'PROVISIONED' } })
    expect(Properties).not.toHaveProperty('RecordDistributionStrategy')
  })

  it('on demand has no shard count, and goes by the partition keys that it is given', () => {
    const { Properties } = stream({ streamMode: 'on-demand' })
    expect(Properties).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RecordDistributionStrategy: 'USER_PARTITION_KEY',
    })
    expect(Properties).not.toHaveProperty('ShardCount')
  })

  it.each(['provisioned', 'on-demand'] as const)(
    '%s keeps records for seven days, encrypted',
    (streamMode) => {
      const { Properties } = stream({ streamMode })
      expect(Properties.RetentionPeriodHours).toBe(168)
      expect(Properties.StreamEncryption).toEqual({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' })
      expect(Properties).not.toHaveProperty('Name')
    },
  )

  it('has metrics of each shard only where they were asked for', () => {
    expect(stream().Properties).not.toHaveProperty('DesiredShardLevelMetrics')
    expect(stream({ shardMetrics: true }).Properties.DesiredShardLevelMetrics).toEqual([
      'IncomingBytes',
      'IncomingRecords',
      'WriteProvisionedThroughputExceeded',
      'IteratorAgeMilliseconds',
    ])
  })

  it('outlives its stack, unless it was told otherwise', () => {
    expect(stream().DeletionPolicy).toBe('Retain')
    expect(stream({ removeVotes: true }).DeletionPolicy).toBe('Delete')
  })
})
