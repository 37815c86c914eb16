import { expect, test } from 'vitest'
import { openCaller, shardName } from './call-kinesis.ts'

const notFound = (name: string) => ({
  status: 400,
  body: {
    __type: 'ResourceNotFoundException',
    message: `Stream ${name} under account 000000000000 not found.`,
  },
})

test('a stream is CREATING without shards first, then ACTIVE with them', async () => {
  const { call, clock } = await openCaller({ changeMs: 200 })
  expect(await call('CreateStream', { StreamName: 's', ShardCount: 3 })).toEqual({ status: 200, body: {} })
  const creating = (await call('DescribeStream', { StreamName: 's' })).body.StreamDescription
  expect(creating).toMatchObject({ StreamStatus: 'CREATING', Shards: [], HasMoreShards: false })
  expect(await call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: '' })).toEqual(notFound('s'))

  clock.now += 200
  const active = (await call('DescribeStream', { StreamName: 's' })).body.StreamDescription
  expect(active).toMatchObject({
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    StreamStatus: 'ACTIVE',
    StreamCreationTimestamp: 1_790_000_000,
    RetentionPeriodHours: 24,
    EncryptionType: 'NONE',
  })
  expect(active?.Shards).toHaveLength(3)
  expect(active?.Shards[0]).toEqual({
    ShardId: shardName(0),
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
    SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
  })
})

test('the summary counts open shards and keeps the mode', async () => {
  const { call } = await openCaller()
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' }
  await call('CreateStream', { StreamName: 's', StreamModeDetails })
  expect((await call('DescribeStreamSummary', { StreamName: 's' })).body).toMatchObject({
    StreamDescriptionSummary: {
      OpenShardCount: 4,
      StreamModeDetails,
      StreamStatus: 'ACTIVE',
      ConsumerCount: 0,
    },
  })
})

test('a provisioned stream needs a shard count, an on-demand one has none', async () => {
  const { call } = await openCaller()
  expect((await call('CreateStream', { StreamName: 's' })).body).toEqual({
    __type: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: Member must not be null",
  })
  const onDemand = { StreamName: 's', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
  expect((await call('CreateStream', onDemand)).body.__type).toBe('InvalidArgumentException')
  expect((await call('ListStreams', {})).body.StreamNames).toEqual([])
})

test('a name in use is refused, also while its stream is only just being made', async () => {
  const { call } = await openCaller()
  const both = await Promise.all([1, 2].map(() => call('CreateStream', { StreamName: 's', ShardCount: 1 })))
  expect(both.map(({ status }) => status)).toEqual([200, 400])
  expect(both[1]?.body).toEqual({
    __type: 'ResourceInUseException',
    message: 'Stream s under account 000000000000 already exists.',
  })
})

test('more shards than the quota, or a sixth stream in creation, are refused', async () => {
  const { call } = await openCaller({ changeMs: 1000 })
  const tooMany = await call('CreateStream', { StreamName: 's', ShardCount: 1001 })
  expect(tooMany.body.__type).toBe('LimitExceededException')
  expect(tooMany.body.message).toContain('Current shard count for the account: 0. Limit: 1000.')
  for (let index = 0; index < 5; index++)
    await call('CreateStream', { StreamName: `s${index}`, ShardCount: 1 })
  const sixth = await call('CreateStream', { StreamName: 's5', ShardCount: 1 })
  expect(sixth.body.__type).toBe('LimitExceededException')
})

test('a deleted stream is not found any more', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  expect(await call('DeleteStream', { StreamName: 's' })).toEqual({ status: 200, body: {} })
  expect(await call('DeleteStream', { StreamName: 's' })).toEqual(notFound('s'))
  expect(await call('DescribeStream', { StreamName: 's' })).toEqual(notFound('s'))
})

test('a stream is taken by its ARN wherever it is taken by its name', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
  const put = await call('PutRecord', { StreamARN, PartitionKey: 'k', Data: 'eA==' })
  const records = await call('PutRecords', { StreamARN, Records: [{ PartitionKey: 'k', Data: 'eA==' }] })
  const { body } = await call('GetShardIterator', {
    StreamARN,
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  })
  const read = await call('GetRecords', { StreamARN, ShardIterator: body.ShardIterator })
  const others = await Promise.all(
    ['DescribeStream', 'DescribeStreamSummary', 'ListShards', 'DeleteStream'].map((action) =>
      call(action, { StreamARN }),
    ),
  )
  expect([put, records, read, ...others].map(({ status }) => status)).toEqual(Array(7).fill(200))
  expect(read.body.Records).toHaveLength(2)
})

test('an ARN of another account or another stream than the name is refused', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  const foreign = 'arn:aws:kinesis:us-east-1:123456789012:stream/s'
  expect((await call('DescribeStream', { StreamARN: foreign })).body).toEqual({
    __type: 'ResourceNotFoundException',
    message: 'Stream s under account 123456789012 not found.',
  })
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
  const mismatch = await call('DescribeStream', { StreamARN, StreamName: 't' })
  expect(mismatch.body.__type).toBe('InvalidArgumentException')
  expect((await call('DescribeStream', {})).body.__type).toBe('InvalidArgumentException')
})

test('streams are listed by name, page by page', async () => {
  const { call } = await openCaller()
  for (const StreamName of ['b', 'a', 'c']) await call('CreateStream', { StreamName, ShardCount: 1 })
  const first = await call('ListStreams', { Limit: 2 })
  expect(first.body).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true })
  const second = await call('ListStreams', { Limit: 2, NextToken: first.body.NextToken })
  expect(second.body).toMatchObject({ StreamNames: ['c'], HasMoreStreams: false })
  expect(second.body.NextToken).toBeUndefined()
  const after = await call('ListStreams', { ExclusiveStartStreamName: 'a' })
  expect(after.body.StreamNames).toEqual(['b', 'c'])
})

test('DescribeStream shows 100 shards a page at most, and goes on after any shard', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 's', ShardCount: 103 })
  const first = (await call('DescribeStream', { StreamName: 's', Limit: 10_000 })).body.StreamDescription
  expect([first?.Shards.length, first?.HasMoreShards]).toEqual([100, true])
  const ExclusiveStartShardId = shardName(99)
  const rest = (await call('DescribeStream', { StreamName: 's', ExclusiveStartShardId })).body
    .StreamDescription
  expect(rest?.Shards.map(({ ShardId }) => ShardId)).toEqual([100, 101, 102].map(shardName))
  expect(rest?.HasMoreShards).toBe(false)
})

test('a stream may have any name, and touches no files but its own', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 'kept', ShardCount: 1 })
  await call('PutRecord', { StreamName: 'kept', PartitionKey: 'k', Data: '' })
  for (const StreamName of ['..', '.', 'streams.json', 'of-kept']) {
    expect(await call('CreateStream', { StreamName, ShardCount: 1 })).toEqual({ status: 200, body: {} })
    expect(await call('PutRecord', { StreamName, PartitionKey: 'k', Data: '' })).toMatchObject({
      status: 200,
    })
    expect(await call('DeleteStream', { StreamName })).toMatchObject({ status: 200 })
  }
  expect((await call('ListStreams', {})).body).toMatchObject({ StreamNames: ['kept'] })
  const { ShardIterator } = (
    await call('GetShardIterator', {
      StreamName: 'kept',
      ShardId: shardName(0),
      ShardIteratorType: 'TRIM_HORIZON',
    })
  ).body
  expect((await call('GetRecords', { ShardIterator })).body.Records).toHaveLength(1)
})
