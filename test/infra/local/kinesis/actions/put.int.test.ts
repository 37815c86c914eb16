import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { segmentPath } from '../../../../../infra/local/kinesis/log/segment.ts'
import { type Caller, iteratorOf, keysFrom, openCaller, shardName, text } from './call-kinesis.ts'

const openStream = async (shards = 1, limits = false): Promise<Caller> => {
  const caller = await openCaller({ limits })
  await caller.call('CreateStream', { StreamName: 's', ShardCount: shards })
  return caller
}

const record = (PartitionKey: string, more: object = {}) => ({
  PartitionKey,
  Data: text(PartitionKey),
  ...more,
})

test('a record that was put is answered with its shard and number, and is there', async () => {
  const caller = await openStream()
  const { status, body } = await caller.call('PutRecord', { StreamName: 's', ...record('k') })
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      ShardId: shardName(0),
      SequenceNumber: expect.stringMatching(/^49\d{54}$/),
      EncryptionType: 'NONE',
    },
  })
  const read = await caller.call('GetRecords', {
    ShardIterator: await iteratorOf(caller, 's', 'TRIM_HORIZON'),
  })
  expect(read.body.Records).toEqual([
    {
      PartitionKey: 'k',
      Data: text('k'),
      SequenceNumber: body.SequenceNumber,
      ApproximateArrivalTimestamp: 1_790_000_000,
    },
  ])
})

test('an explicit hash key decides over the partition key', async () => {
  const { call } = await openStream(2)
  const max = '340282366920938463463374607431768211455'
  const low = await call('PutRecord', { StreamName: 's', ...record('k', { ExplicitHashKey: '0' }) })
  const high = await call('PutRecord', { StreamName: 's', ...record('k', { ExplicitHashKey: max }) })
  expect([low.body.ShardId, high.body.ShardId]).toEqual([shardName(0), shardName(1)])
})

test('a hash key over the last one is refused', async () => {
  const { call } = await openStream()
  const over = record('k', { ExplicitHashKey: '340282366920938463463374607431768211456' })
  const refused = {
    __type: 'InvalidArgumentException',
    message:
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
      'Specified value was 340282366920938463463374607431768211456',
  }
  expect((await call('PutRecord', { StreamName: 's', ...over })).body).toEqual(refused)
  expect((await call('PutRecords', { StreamName: 's', Records: [over] })).body).toEqual(refused)
})

test('a number to come after is accepted if it is one of this stream', async () => {
  const { call } = await openStream()
  const first = await call('PutRecord', { StreamName: 's', ...record('k') })
  const SequenceNumberForOrdering = first.body.SequenceNumber
  const second = await call('PutRecord', { StreamName: 's', ...record('k'), SequenceNumberForOrdering })
  expect(BigInt(second.body.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.body.SequenceNumber ?? 0))
  const strange = await call('PutRecord', { StreamName: 's', ...record('k'), SequenceNumberForOrdering: '5' })
  expect(strange.body).toEqual({
    __type: 'InvalidArgumentException',
    message:
      'ExclusiveMinimumSequenceNumber 5 used in PutRecord on stream s under account 000000000000 is invalid.',
  })
})

test('records of a batch are answered and stored in their order', async () => {
  const caller = await openStream()
  const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`)
  const { body } = await caller.call('PutRecords', {
    StreamName: 's',
    Records: keys.map((key) => record(key)),
  })
  expect(body.FailedRecordCount).toBe(0)
  const numbers = (body.Records ?? []).map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0))
  expect(numbers).toEqual(numbers.toSorted((left, right) => (left < right ? -1 : 1)))
  expect(new Set(numbers).size).toBe(500)
  expect(await keysFrom(caller, await iteratorOf(caller, 's', 'TRIM_HORIZON'))).toEqual(keys)
})

test('records over the rate of their shard fail alone, in their places', async () => {
  const caller = await openStream(2, true)
  const { call, clock } = caller
  const max = '340282366920938463463374607431768211455'
  const inFirst = (count: number) =>
    Array.from({ length: count }, (_, n) => record(`${n}`, { ExplicitHashKey: '0' }))
  for (const count of [500, 499]) await call('PutRecords', { StreamName: 's', Records: inFirst(count) })

  const mixed = [...inFirst(2), record('other', { ExplicitHashKey: max }), ...inFirst(1)]
  const { status, body } = await call('PutRecords', { StreamName: 's', Records: mixed })
  const throttled = {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${shardName(0)} in stream s under account 000000000000.`,
  }
  const stored = (ShardId: string) => ({ ShardId, SequenceNumber: expect.any(String) })
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      FailedRecordCount: 2,
      Records: [stored(shardName(0)), throttled, stored(shardName(1)), throttled],
      EncryptionType: 'NONE',
    },
  })
  const single = await call('PutRecord', { StreamName: 's', ...record('k', { ExplicitHashKey: '0' }) })
  expect(single).toEqual({
    status: 400,
    body: { __type: throttled.ErrorCode, message: throttled.ErrorMessage },
  })
  clock.now += 1
  expect(
    (await call('PutRecord', { StreamName: 's', ...record('k', { ExplicitHashKey: '0' }) })).status,
  ).toBe(200)
})

const mebibyte = 1024 * 1024

test('a record of 1 MiB with its key is the largest', async () => {
  const { call } = await openStream()
  const put = (bytes: number) =>
    call('PutRecord', { StreamName: 's', PartitionKey: 'key', Data: Buffer.alloc(bytes).toString('base64') })
  expect((await put(mebibyte - 3)).status).toBe(200)
  expect((await put(mebibyte - 2)).body.__type).toBe('InvalidArgumentException')
  expect((await put(mebibyte + 1)).body).toEqual({
    __type: 'ValidationException',
    message:
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'data' " +
      'failed to satisfy constraint: Member must have length less than or equal to 1048576',
  })
})

test('a batch takes 500 records and 10 MiB, and is refused as a whole beyond', async () => {
  const caller = await openStream()
  const batch = (count: number, bytes: number) => ({
    StreamName: 's',
    Records: Array.from({ length: count }, () => ({
      PartitionKey: 'k',
      Data: Buffer.alloc(bytes).toString('base64'),
    })),
  })
  expect((await caller.call('PutRecords', batch(501, 0))).body).toMatchObject({
    __type: 'ValidationException',
    message: expect.stringMatching(/at 'records' .* Member must have length less than or equal to 500$/),
  })
  expect((await caller.call('PutRecords', batch(10, mebibyte - 1))).status).toBe(200)
  const tooLarge = await caller.call('PutRecords', batch(11, mebibyte - 1))
  expect(tooLarge.body).toMatchObject({ __type: 'InvalidArgumentException' })
})

test('records that cannot be stored fail as internal failures, and are logged', async () => {
  const { call, folder, logged } = await openStream()
  // Folders in the places of the segments that the next two puts would begin.
  const blocked = [1, 3].map((first) => segmentPath(join(folder, 'streams', 'of-s', shardName(0)), first))
  for (const path of blocked) await mkdir(path)
  const { status, body } = await call('PutRecords', { StreamName: 's', Records: [record('a'), record('b')] })
  expect([status, body.FailedRecordCount]).toEqual([200, 2])
  expect((body.Records ?? []).map(({ ErrorCode }) => ErrorCode)).toEqual([
    'InternalFailure',
    'InternalFailure',
  ])
  expect(logged).toEqual(['2 of 2 records could not be stored'])
  await expect(call('PutRecord', { StreamName: 's', ...record('c') })).rejects.toThrow(/cannot be written/)
  for (const path of blocked) await rmdir(path)
  expect((await call('PutRecord', { StreamName: 's', ...record('d') })).status).toBe(200)
})

test('a stream that does not exist is not found', async () => {
  const { call } = await openStream()
  const missing = {
    __type: 'ResourceNotFoundException',
    message: 'Stream t under account 000000000000 not found.',
  }
  expect((await call('PutRecord', { StreamName: 't', ...record('k') })).body).toEqual(missing)
  expect((await call('PutRecords', { StreamName: 't', Records: [record('k')] })).body).toEqual(missing)
})
