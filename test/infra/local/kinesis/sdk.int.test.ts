import {
  Kinesis,
  paginateListStreams,
  type ShardIteratorType,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis'
import { expect, onTestFinished, test } from 'vitest'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { credentials, openTestEndpoint, post } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** The SDK's client with its defaults (it speaks HTTP/2) on an embedded Kinesis. */
const openSdk = async (changeMs = 0) => {
  const engine = await openKinesis({ folder: await temporaryFolder(), limits: true, now: Date.now, changeMs })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now: Date.now, log: () => {} })])
  const kinesis = new Kinesis({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => kinesis.destroy())
  return { kinesis, url }
}

const StreamName = 'votes'
const ShardId = 'shardId-000000000000'
const text = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString()

test('the SDK creates a stream, waits for it, describes, lists and deletes it', async () => {
  const { kinesis } = await openSdk(100)
  await kinesis.createStream({ StreamName, ShardCount: 2 })
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { StreamName })
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName })
  expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 })
  expect(StreamDescriptionSummary?.StreamCreationTimestamp).toBeInstanceOf(Date)
  expect((await kinesis.listShards({ StreamName })).Shards).toHaveLength(2)
  await kinesis.deleteStream({ StreamName })
  await expect(kinesis.describeStream({ StreamName })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Stream votes under account 000000000000 not found.',
    $metadata: { httpStatusCode: 400 },
  })
})

test('the SDK pages through streams', async () => {
  const { kinesis } = await openSdk()
  for (const name of ['a', 'b', 'c']) await kinesis.createStream({ StreamName: name, ShardCount: 1 })
  const names: string[] = []
  for await (const page of paginateListStreams({ client: kinesis, pageSize: 2 }, {}))
    names.push(...(page.StreamNames ?? []))
  expect(names).toEqual(['a', 'b', 'c'])
})

test('the SDK puts records and reads them from every kind of iterator', async () => {
  const { kinesis } = await openSdk()
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  const latest = await kinesis.getShardIterator({ StreamName, ShardId, ShardIteratorType: 'LATEST' })
  const first = await kinesis.putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from('öne') })
  const rest = await kinesis.putRecords({
    StreamName,
    Records: ['b', 'c'].map((key) => ({ PartitionKey: key, Data: Buffer.from(key) })),
  })
  expect(rest.FailedRecordCount).toBe(0)

  const read = async (type: ShardIteratorType, more: object = {}) => {
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName,
      ShardId,
      ShardIteratorType: type,
      ...more,
    })
    return ((await kinesis.getRecords({ ShardIterator })).Records ?? []).map(({ Data }) => text(Data))
  }
  const StartingSequenceNumber = first.SequenceNumber
  expect(await read('TRIM_HORIZON')).toEqual(['öne', 'b', 'c'])
  expect(await read('LATEST')).toEqual([])
  expect(await read('AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['öne', 'b', 'c'])
  expect(await read('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['b', 'c'])
  const since = await kinesis.getRecords({ ShardIterator: latest.ShardIterator })
  expect(since.Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
    [first, ...(rest.Records ?? [])].map(({ SequenceNumber }) => SequenceNumber),
  )
  const Timestamp = since.Records?.[0]?.ApproximateArrivalTimestamp
  expect(Timestamp).toBeInstanceOf(Date)
  expect(await read('AT_TIMESTAMP', { Timestamp })).toEqual(['öne', 'b', 'c'])
})

test('the SDK splits and merges shards, and follows them from parents to children', async () => {
  const { kinesis } = await openSdk()
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/votes'
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  const put = (key: string) => kinesis.putRecord({ StreamName, PartitionKey: key, Data: Buffer.from(key) })
  const keys = Array.from({ length: 30 }, (_, at) => `k-${at}`)
  for (const key of keys.slice(0, 10)) await put(key)
  const NewStartingHashKey = String(2n ** 127n)
  await kinesis.splitShard({ StreamName, ShardToSplit: ShardId, NewStartingHashKey })
  for (const key of keys.slice(10, 20)) await put(key)
  const [AdjacentShardToMerge, ShardToMerge] = ['shardId-000000000002', 'shardId-000000000001']
  await kinesis.mergeShards({ StreamARN, ShardToMerge, AdjacentShardToMerge })
  for (const key of keys.slice(20)) await put(key)

  const { Shards = [] } = await kinesis.listShards({ StreamName })
  expect(
    Shards.map(({ ParentShardId, AdjacentParentShardId }) => [ParentShardId, AdjacentParentShardId]),
  ).toEqual([
    [undefined, undefined],
    [ShardId, undefined],
    [ShardId, undefined],
    [ShardToMerge, AdjacentShardToMerge],
  ])
  const ended = Shards.map(
    ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber !== undefined,
  )
  expect(ended).toEqual([true, true, true, false])

  const read = new Set<string>()
  const found: string[][] = []
  for (const shards = [ShardId]; shards.length > 0; ) {
    const id = shards.shift() ?? ''
    if (read.has(id)) continue
    read.add(id)
    const start = { StreamName, ShardId: id, ShardIteratorType: 'TRIM_HORIZON' as const }
    const { ShardIterator } = await kinesis.getShardIterator(start)
    const { Records = [], ChildShards = [], NextShardIterator } = await kinesis.getRecords({ ShardIterator })
    expect(NextShardIterator === undefined).toBe(ChildShards.length > 0)
    found.push(Records.map(({ PartitionKey }) => PartitionKey ?? ''))
    shards.push(...ChildShards.map(({ ShardId }) => ShardId ?? ''))
  }
  expect([found[0], [...(found[1] ?? []), ...(found[2] ?? [])].sort(), found[3]]).toEqual([
    keys.slice(0, 10),
    keys.slice(10, 20),
    keys.slice(20),
  ])
})

test('the SDK sees a throttled shard as such', async () => {
  const { kinesis } = await openSdk()
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  const Records = Array.from({ length: 4 }, () => ({ PartitionKey: 'k', Data: Buffer.alloc(500_000) }))
  const { FailedRecordCount, Records: entries } = await kinesis.putRecords({ StreamName, Records })
  expect(FailedRecordCount).toBe(2)
  expect(entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    undefined,
    'ProvisionedThroughputExceededException',
    'ProvisionedThroughputExceededException',
  ])
})

test('many large reads at once share one HTTP/2 session', async () => {
  const { kinesis } = await openSdk()
  const shards = 12
  await kinesis.createStream({ StreamName, ShardCount: shards })
  const { Shards = [] } = await kinesis.listShards({ StreamName })
  for (const { HashKeyRange } of Shards)
    await kinesis.putRecord({
      StreamName,
      PartitionKey: 'k',
      ExplicitHashKey: HashKeyRange?.StartingHashKey,
      Data: Buffer.alloc(1024 * 1024 - 1),
    })
  const reads = Shards.flatMap((shard) => [shard, shard]).map(async (shard) => {
    const start = { StreamName, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
    const { ShardIterator } = await kinesis.getShardIterator(start)
    return (await kinesis.getRecords({ ShardIterator })).Records?.[0]?.Data?.length
  })
  expect(await Promise.all(reads)).toEqual(Array(2 * shards).fill(1024 * 1024 - 1))
})

test('a plain request over HTTP/1.1 puts and reads too, in JSON 1.0 or 1.1', async () => {
  const { kinesis, url } = await openSdk()
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  for (const version of ['1.0', '1.1']) {
    const headers = { 'content-type': `application/x-amz-json-${version}` }
    const body = JSON.stringify({ StreamName, PartitionKey: 'k', Data: 'eA==' })
    const answer = await post(url, 'Kinesis_20131202.PutRecord', body, headers)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, headers['content-type']])
    expect(await answer.json()).toMatchObject({ ShardId })
  }
})

test.each([
  ['application/x-amz-json-1.1', '{', 400, 'SerializationException'],
  ['application/x-amz-json-1.1', '', 400, 'SerializationException'],
  ['application/x-amz-json-1.1', '[]', 400, 'SerializationException'],
  ['text/plain', '{}', 415, 'UnsupportedMediaTypeException'],
])('a body of %s that is %j is refused', async (type, body, status, name) => {
  const { url } = await openSdk()
  const answer = await post(url, 'Kinesis_20131202.ListStreams', body, { 'content-type': type })
  expect([answer.status, (await answer.json()).__type]).toEqual([status, name])
})
