import { Kinesis, type Shard } from '@aws-sdk/client-kinesis'
import { expect, onTestFinished, test } from 'vitest'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { maxHashKey } from '../../../../infra/local/kinesis/hash-key.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { credentials, openTestEndpoint } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const StreamName = 'votes'
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/votes'

/** The SDK's client with its defaults, and a stream of that many shards. */
const openSdk = async (ShardCount: number): Promise<Kinesis> => {
  const engine = await openKinesis({
    folder: await temporaryFolder(),
    limits: false,
    now: Date.now,
    changeMs: 0,
  })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now: Date.now, log: () => {} })])
  const kinesis = new Kinesis({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => kinesis.destroy())
  await kinesis.createStream({ StreamName, ShardCount })
  return kinesis
}

const keysOf = async (kinesis: Kinesis, ShardId: string): Promise<string[]> => {
  const keys: string[] = []
  const begin = await kinesis.getShardIterator({ StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
  let iterator = begin.ShardIterator
  while (iterator) {
    const { Records = [], NextShardIterator } = await kinesis.getRecords({
      StreamARN,
      ShardIterator: iterator,
    })
    keys.push(...Records.map(({ PartitionKey = '' }) => PartitionKey))
    iterator = Records.length > 0 ? NextShardIterator : undefined
  }
  return keys
}

const shardsOf = async (kinesis: Kinesis): Promise<Shard[]> =>
  (await kinesis.listShards({ StreamARN })).Shards ?? []

const isOpen = ({ SequenceNumberRange }: Shard): boolean =>
  SequenceNumberRange?.EndingSequenceNumber === undefined

test('the SDK scales a stream up and down while it puts, and finds every record once', async () => {
  const kinesis = await openSdk(4)
  const put: string[] = []
  let scaling = true
  const flow = (async () => {
    while (scaling) {
      const keys = Array.from({ length: 50 }, (_, at) => `k-${put.length + at}`)
      const { FailedRecordCount } = await kinesis.putRecords({
        StreamARN,
        Records: keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('x') })),
      })
      expect(FailedRecordCount).toBe(0)
      put.push(...keys)
    }
  })()
  const ScalingType = 'UNIFORM_SCALING'
  for (const [CurrentShardCount, TargetShardCount] of [
    [4, 8],
    [8, 6],
    [6, 3],
  ] as const)
    expect(await kinesis.updateShardCount({ StreamARN, TargetShardCount, ScalingType })).toMatchObject({
      StreamName,
      StreamARN,
      CurrentShardCount,
      TargetShardCount,
    })
  scaling = false
  await flow
  const shards = await shardsOf(kinesis)
  const found = await Promise.all(shards.map(({ ShardId = '' }) => keysOf(kinesis, ShardId)))
  expect(found.flat().sort()).toEqual(put.sort())
  const starts = shards.filter(isOpen).map(({ HashKeyRange }) => BigInt(HashKeyRange?.StartingHashKey ?? -1))
  const third = (maxHashKey + 1n) / 3n
  const offBy = starts
    .sort((left, right) => (left < right ? -1 : 1))
    .map((at, index) => at - third * BigInt(index))
  expect(offBy.map((keys) => keys > -1000n && keys < 1000n)).toEqual([true, true, true])
})

test('the SDK is told of a scaling that goes too far as an error of the service', async () => {
  const kinesis = await openSdk(2)
  const wanted = { StreamName, TargetShardCount: 5, ScalingType: 'UNIFORM_SCALING' } as const
  await expect(kinesis.updateShardCount(wanted)).rejects.toMatchObject({
    name: 'LimitExceededException',
    $metadata: { httpStatusCode: 400 },
  })
})

test('the SDK changes retention, mode, metrics and tags of a stream by its ARN', async () => {
  const kinesis = await openSdk(1)
  await kinesis.increaseStreamRetentionPeriod({ StreamARN, RetentionPeriodHours: 100 })
  await kinesis.decreaseStreamRetentionPeriod({ StreamARN, RetentionPeriodHours: 36 })
  await kinesis.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  const enabled = await kinesis.enableEnhancedMonitoring({ StreamARN, ShardLevelMetrics: ['ALL'] })
  expect(enabled.DesiredShardLevelMetrics).toHaveLength(7)
  const kept = ['IncomingBytes', 'IncomingRecords'] as const
  const disabled = await kinesis.disableEnhancedMonitoring({
    StreamARN,
    ShardLevelMetrics: (enabled.DesiredShardLevelMetrics ?? []).filter(
      (metric) => !kept.some((one) => one === metric),
    ),
  })
  expect(disabled.DesiredShardLevelMetrics).toEqual(kept)
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamARN })
  expect(StreamDescriptionSummary).toMatchObject({
    RetentionPeriodHours: 36,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    EnhancedMonitoring: [{ ShardLevelMetrics: kept }],
  })
  await kinesis.addTagsToStream({ StreamARN, Tags: { a: '1', b: '2' } })
  await kinesis.removeTagsFromStream({ StreamARN, TagKeys: ['a'] })
  expect(await kinesis.listTagsForStream({ StreamARN })).toMatchObject({
    Tags: [{ Key: 'b', Value: '2' }],
    HasMoreTags: false,
  })
  expect(await kinesis.describeLimits({})).toMatchObject({ OpenShardCount: 1, OnDemandStreamCount: 1 })
})

test('the SDK may name a stream by its ARN alone wherever it names one', async () => {
  const kinesis = await openSdk(2)
  const ShardId = 'shardId-000000000000'
  const Data = Buffer.from('x')
  await kinesis.putRecord({ StreamARN, PartitionKey: 'k', Data, ExplicitHashKey: '0' })
  await kinesis.putRecords({ StreamARN, Records: [{ PartitionKey: 'l', Data, ExplicitHashKey: '0' }] })
  expect(await keysOf(kinesis, ShardId)).toEqual(['k', 'l'])
  await kinesis.splitShard({ StreamARN, ShardToSplit: ShardId, NewStartingHashKey: '1000' })
  await kinesis.mergeShards({
    StreamARN,
    ShardToMerge: 'shardId-000000000002',
    AdjacentShardToMerge: 'shardId-000000000003',
  })
  expect(await shardsOf(kinesis)).toHaveLength(5)
  expect((await kinesis.describeStream({ StreamARN })).StreamDescription?.StreamName).toBe(StreamName)
  const other = { StreamARN, StreamName: 'other' }
  await expect(kinesis.listTagsForStream(other)).rejects.toMatchObject({ name: 'InvalidArgumentException' })
  await kinesis.deleteStream({ StreamARN })
  expect((await kinesis.listStreams({})).StreamNames).toEqual([])
})
