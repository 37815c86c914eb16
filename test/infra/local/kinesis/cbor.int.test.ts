import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { firehoseService } from '../../../../infra/local/firehose/actions/firehose-service.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint, post } from '../aws/open-endpoint.ts'
import { otherEncode, tag1 } from '../aws/other-cbor.ts'
import { openTestFirehose } from '../firehose/open-firehose.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { callCbor, cborType, postCbor } from './cbor-client.ts'

const start = 1_790_000_000_123
const StreamName = 's'
const ShardId = 'shardId-000000000000'
const bytes = Buffer.from([0, 1, 0x7f, 0x80, 0xff, 0xc1])

/** Kinesis behind an endpoint, at a moment that stands still, with or without a stream of one shard. */
const open = async ({ limits = false, stream = true } = {}) => {
  const now = (): number => start
  const engine = await openKinesis({ folder: await temporaryFolder(), limits, now, changeMs: 0 })
  onTestFinished(() => engine.close())
  const { url, logged } = await openTestEndpoint([kinesisService({ engine, now, log: () => {} })])
  const call = (action: string, input: object) => callCbor(url, action, input)
  if (stream) await engine.createStream(StreamName, 1)
  return { engine, url, call, logged }
}

const iteratorOf = async (call: Awaited<ReturnType<typeof open>>['call'], more: object): Promise<string> => {
  const { body } = await call('GetShardIterator', { StreamName, ShardId, ...more })
  if (body.ShardIterator === undefined) throw new Error(JSON.stringify(body))
  return body.ShardIterator
}

test('a stream is created, filled and read in CBOR, its bytes unchanged', async () => {
  const { call } = await open({ stream: false })
  const created = await call('CreateStream', { StreamName, ShardCount: 1, Tags: { team: 'votes' } })
  expect(created).toMatchObject({ status: 200, contentType: cborType, body: {} })
  expect(created.bytes).toHaveLength(0)
  const put = await call('PutRecord', { StreamName, PartitionKey: 'Größe', Data: bytes })
  expect(put).toMatchObject({ status: 200, contentType: cborType, body: { ShardId } })
  const ShardIterator = await iteratorOf(call, { ShardIteratorType: 'TRIM_HORIZON' })
  const read = await call('GetRecords', { ShardIterator })
  expect(read.body).toMatchObject({ NextShardIterator: expect.any(String), MillisBehindLatest: 0 })
  expect(read.body.Records).toEqual([
    {
      SequenceNumber: put.body.SequenceNumber,
      ApproximateArrivalTimestamp: { tag1: start },
      Data: bytes,
      PartitionKey: 'Größe',
    },
  ])
})

test('the request that the SDK for Java 1 sends is taken', async () => {
  const { engine, url, call } = await open({ stream: false })
  await engine.createStream('test', 1)
  // A map of indefinite length, as LocalStack recorded it (its test_json_cbor_blob_parsing).
  const recorded = '\xbfjStreamNamedtestdDataMhello, world!lPartitionKeylpartitionkey\xff'
  const body = Uint8Array.from(Buffer.from(recorded, 'latin1'))
  expect(await postCbor(url, 'Kinesis_20131202.PutRecord', body)).toMatchObject({ status: 200 })
  const iterator = { StreamName: 'test', ShardIteratorType: 'TRIM_HORIZON' }
  const { Records } = (await call('GetRecords', { ShardIterator: await iteratorOf(call, iterator) })).body
  expect(Records).toMatchObject([{ Data: Buffer.from('hello, world!'), PartitionKey: 'partitionkey' }])
})

test('records fail one by one, in CBOR too', async () => {
  const { call } = await open({ limits: true })
  const records = (count: number) =>
    Array.from({ length: count }, () => ({ PartitionKey: 'k', Data: Buffer.from('x') }))
  for (const count of [500, 499]) await call('PutRecords', { StreamName, Records: records(count) })
  const { status, body } = await call('PutRecords', { StreamName, Records: records(2) })
  expect([status, body.FailedRecordCount]).toEqual([200, 1])
  expect(body.Records).toMatchObject([
    { ShardId, SequenceNumber: expect.any(String) },
    { ErrorCode: 'ProvisionedThroughputExceededException' },
  ])
})

test.each([
  ['an integer', start, undefined],
  ['a float', start + 0.25, undefined],
  ['a float of the next millisecond, which is in the future', start + 0.75, 'InvalidArgumentException'],
])('a timestamp in a request is tag 1 with milliseconds, as %s', async (_, ms, type) => {
  const { call } = await open()
  const at = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: tag1(ms) }
  expect((await call('GetShardIterator', { StreamName, ShardId, ...at })).body.__type).toBe(type)
})

test('a timestamp in an answer is tag 1 with an integer of milliseconds', async () => {
  const { call } = await open()
  const { bytes: answer } = await call('DescribeStreamSummary', { StreamName })
  const expected = Buffer.from('c11b000001a0c4506c7b', 'hex')
  expect(answer.includes(expected)).toBe(true)
})

test.each([
  ['PutRecord', { Data: 'aGk=' }, 'STRING_VALUE can not be converted to a Blob'],
  ['PutRecord', { Data: 5 }, 'NUMBER_VALUE can not be converted to a Blob'],
  ['PutRecord', { Data: [] }, 'Start of list found where not expected'],
  ['PutRecord', { PartitionKey: bytes }, 'BINARY_VALUE can not be converted to a String'],
  ['PutRecords', { Records: bytes }, 'Expected list or null'],
  ['GetShardIterator', { Timestamp: start }, 'NUMBER_VALUE can not be converted to milliseconds since epoch'],
  ['GetRecords', { Limit: Number.NaN }, 'NUMBER_VALUE can not be converted to an Integer'],
  ['AddTagsToStream', { Tags: bytes }, 'Expected map or null'],
])('%s %o cannot be read', async (action, input, Message) => {
  const { call } = await open({ stream: false })
  expect(await call(action, input)).toMatchObject({
    status: 400,
    contentType: cborType,
    body: { __type: 'SerializationException', Message },
  })
})

test.each([
  ['nothing', ''],
  ['garbage', 'ffff'],
  ['JSON', '7b7d'],
  ['a list', '80'],
  ['bytes', '4161'],
  ['a timestamp', 'c105'],
  ['a map that claims 4 billion fields', 'baffffffff'],
  ['a million levels', '81'.repeat(1_000_000)],
])('a body of %s is refused in CBOR', async (_, text) => {
  const { url } = await open({ stream: false })
  const body = Uint8Array.from(Buffer.from(text, 'hex'))
  const answer = await postCbor(url, 'Kinesis_20131202.ListStreams', body)
  expect(answer).toMatchObject({
    status: 400,
    contentType: cborType,
    body: { __type: 'SerializationException' },
  })
})

test('an unknown action and an internal failure are answered in CBOR', async () => {
  const { url, engine } = await open()
  const unknown = await callCbor(url, 'Nothing', {})
  expect(unknown).toMatchObject({
    status: 400,
    contentType: cborType,
    body: { __type: 'UnknownOperationException', message: "Kinesis_20131202 has no action 'Nothing' here." },
  })
  engine.streams = () => {
    throw new Error('broken on purpose')
  }
  const broken = await callCbor(url, 'ListStreams', {})
  expect(broken).toMatchObject({ status: 500, contentType: cborType, body: { __type: 'InternalFailure' } })
})

test("the answer's type is the request's, whatever its parameters and letters", async () => {
  const { url } = await open()
  const asked = Uint8Array.of(0xa0)
  const answer = await postCbor(
    url,
    'Kinesis_20131202.ListStreams',
    asked,
    `${cborType.toUpperCase()}; charset=x`,
  )
  expect(answer).toMatchObject({ status: 200, contentType: cborType, body: { StreamNames: [StreamName] } })
})

test('Firehose takes no CBOR, as on AWS', async () => {
  const engine = (await openTestFirehose()).firehose()
  const answer = await firehoseService({ engine, log: () => {} }).handle(
    'ListDeliveryStreams',
    otherEncode({}),
    { 'content-type': cborType },
  )
  expect(answer.status).toBe(415)
  expect(JSON.parse(String(answer.body)).__type).toBe('UnsupportedMediaTypeException')
})

/** Calls one after the other, good and bad; `blob` and `time` are what an encoding has for such values. */
const story = (blob: (data: Buffer) => unknown, time: (ms: number) => unknown): [string, object][] => [
  ['CreateStream', { StreamName, ShardCount: 2 }],
  ['CreateStream', { StreamName, ShardCount: 2 }],
  ['CreateStream', { StreamName: '', ShardCount: 0 }],
  ['DescribeStream', { StreamName }],
  ['DescribeStreamSummary', { StreamName }],
  ['PutRecord', { StreamName, PartitionKey: 'k', Data: blob(bytes) }],
  ['PutRecord', { StreamName, PartitionKey: '', Data: blob(bytes) }],
  ['PutRecord', { StreamName, PartitionKey: 'k' }],
  ['PutRecord', { StreamName: 'none', PartitionKey: 'k', Data: blob(bytes) }],
  ['PutRecords', { StreamName, Records: [{ PartitionKey: 'k', Data: blob(Buffer.alloc(0)) }] }],
  ['PutRecords', { StreamName, Records: [{ PartitionKey: 'k' }, null] }],
  [
    'GetShardIterator',
    { StreamName, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: time(start + 9000) },
  ],
  ['GetShardIterator', { StreamName, ShardId, ShardIteratorType: 'NONE', Timestamp: null }],
  ['GetRecords', { ShardIterator: 'forged' }],
  ['ListShards', { StreamName, ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: time(start) } }],
  ['AddTagsToStream', { StreamName, Tags: { team: 'votes', größe: '' } }],
  ['AddTagsToStream', { StreamName, Tags: {} }],
  ['ListTagsForStream', { StreamName }],
  ['Nothing', {}],
]

test('the same calls in JSON and in CBOR mean the same', async () => {
  const [inJson, inCbor] = [await open({ stream: false }), await open({ stream: false })]
  const jsonStory = story(
    (data) => data.toString('base64'),
    (ms) => ms / 1000,
  )
  const cborStory = story((data) => data, tag1)
  for (const [index, [action, input]] of jsonStory.entries()) {
    const answer = await post(inJson.url, `Kinesis_20131202.${action}`, JSON.stringify(input))
    const text = await answer.text()
    const other = await inCbor.call(action, cborStory[index]?.[1] ?? {})
    expect([action, other.status, asJson(other.body)]).toEqual([
      action,
      answer.status,
      text === '' ? {} : JSON.parse(text),
    ])
  }
})

/** What CBOR said as JSON says it. */
const asJson = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value !== 'object' || value === null) return value
  if ('tag1' in value) return Number(value.tag1) / 1000
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)]))
}

test('a request with any bytes of it changed is answered or refused, and never fails inside', async () => {
  const { url, logged } = await open()
  const request = otherEncode({
    StreamName,
    Records: [{ PartitionKey: 'k', Data: bytes }],
    Tags: { a: 'b' },
    ShardId,
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: tag1(start),
    Limit: 5,
  })
  const actions = fc.constantFrom(
    'PutRecords',
    'PutRecord',
    'AddTagsToStream',
    'GetShardIterator',
    'ListShards',
  )
  const changes = fc.array(fc.tuple(fc.nat(request.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(actions, changes, async (action, changed) => {
      const damaged = Uint8Array.from(request)
      for (const [at, byte] of changed) damaged[at] = byte
      const { status, body } = await postCbor(url, `Kinesis_20131202.${action}`, damaged)
      seen.add(`${status} ${body.__type ?? ''}`)
      expect([200, 400]).toContain(status)
      expect(body.__type === undefined).toBe(status === 200)
    }),
    { numRuns: 400 },
  )
  expect([...seen]).toEqual(expect.arrayContaining(['200 ', '400 SerializationException']))
  expect(logged).toEqual([])
})
