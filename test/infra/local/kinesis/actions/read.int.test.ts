import { expect, test } from 'vitest'
import { type Caller, iteratorOf, keysFrom, openCaller, shardName, start, text } from './call-kinesis.ts'

/** Puts records a, b, c a second apart, from the start on. */
const openWithRecords = async (): Promise<{ caller: Caller; numbers: string[] }> => {
  const caller = await openCaller()
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 2 })
  const numbers: string[] = []
  for (const PartitionKey of ['a', 'b', 'c']) {
    const put = { StreamName: 's', PartitionKey, Data: text('x'), ExplicitHashKey: '0' }
    numbers.push((await caller.call('PutRecord', put)).body.SequenceNumber ?? '')
    caller.clock.now += 1000
  }
  return { caller, numbers }
}

test('TRIM_HORIZON reads from the oldest record, LATEST only what comes later', async () => {
  const { caller } = await openWithRecords()
  const latest = await iteratorOf(caller, 's', 'LATEST')
  expect(await keysFrom(caller, await iteratorOf(caller, 's', 'TRIM_HORIZON'))).toEqual(['a', 'b', 'c'])
  expect(await keysFrom(caller, latest)).toEqual([])
  await caller.call('PutRecord', { StreamName: 's', PartitionKey: 'd', Data: '', ExplicitHashKey: '0' })
  expect(await keysFrom(caller, latest)).toEqual(['d'])
})

test('AT_SEQUENCE_NUMBER reads from a record on, AFTER_SEQUENCE_NUMBER behind it', async () => {
  const { caller, numbers } = await openWithRecords()
  const from = async (type: string, StartingSequenceNumber: string | undefined) =>
    keysFrom(caller, await iteratorOf(caller, 's', type, { StartingSequenceNumber }))
  expect(await from('AT_SEQUENCE_NUMBER', numbers[1])).toEqual(['b', 'c'])
  expect(await from('AFTER_SEQUENCE_NUMBER', numbers[1])).toEqual(['c'])
  expect(await from('AFTER_SEQUENCE_NUMBER', numbers[2])).toEqual([])
})

test("a shard's own starting sequence number is a place to begin at", async () => {
  const { caller } = await openWithRecords()
  const { StreamDescription } = (await caller.call('DescribeStream', { StreamName: 's' })).body
  const more = StreamDescription?.Shards[0]?.SequenceNumberRange ?? {}
  expect(await keysFrom(caller, await iteratorOf(caller, 's', 'AT_SEQUENCE_NUMBER', more))).toEqual([
    'a',
    'b',
    'c',
  ])
})

test('AT_TIMESTAMP reads from the first record at or after a time', async () => {
  const { caller } = await openWithRecords()
  const from = async (at: number) =>
    keysFrom(caller, await iteratorOf(caller, 's', 'AT_TIMESTAMP', { Timestamp: at / 1000 }))
  expect(await from(start + 1000)).toEqual(['b', 'c'])
  expect(await from(start + 1001)).toEqual(['c'])
  expect(await from(0)).toEqual(['a', 'b', 'c'])
  expect(await from(start + 2500)).toEqual([])
})

test('reading on from iterator to iterator gives every record once', async () => {
  const { caller } = await openWithRecords()
  const keys: (string | undefined)[] = []
  const behind: (number | undefined)[] = []
  for (let iterator = await iteratorOf(caller, 's', 'TRIM_HORIZON'), reads = 0; reads < 4; reads++) {
    const { body } = await caller.call('GetRecords', { ShardIterator: iterator, Limit: 1 })
    keys.push(...(body.Records ?? []).map(({ PartitionKey }) => PartitionKey))
    behind.push(body.MillisBehindLatest)
    iterator = body.NextShardIterator ?? ''
  }
  expect(keys).toEqual(['a', 'b', 'c'])
  // a at 0 s, b at 1 s, c at 2 s; it is 3 s now. The tip is reached with c.
  expect(behind).toEqual([3000, 2000, 0, 0])
})

test('one answer holds 10 MiB at most', async () => {
  const { call, ...rest } = await openCaller()
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  const Data = Buffer.alloc(1024 * 1024 - 1).toString('base64')
  for (let index = 0; index < 12; index++)
    await call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data })
  const ShardIterator = await iteratorOf({ call, ...rest }, 's', 'TRIM_HORIZON')
  const first = await call('GetRecords', { ShardIterator })
  const count = first.body.Records?.length ?? 0
  expect(count).toBeGreaterThan(0)
  expect(count).toBeLessThanOrEqual(10)
  const second = await call('GetRecords', { ShardIterator: first.body.NextShardIterator })
  expect(second.body.Records).toHaveLength(12 - count)
})

test('one answer holds 10,000 records at most, and no more can be asked for', async () => {
  const caller = await openCaller()
  const { call, engine } = caller
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  const puts = Array.from({ length: 10_001 }, (_, at) => engine.stream('s')?.put(`k-${at}`, 'x'))
  await Promise.all(puts.map((put) => (put && 'durable' in put ? put.durable : undefined)))
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  const first = await call('GetRecords', { ShardIterator })
  expect(first.body.Records).toHaveLength(10_000)
  const second = await call('GetRecords', { ShardIterator: first.body.NextShardIterator })
  expect(second.body.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['k-10000'])
  for (const Limit of [0, 10_001])
    expect((await call('GetRecords', { ShardIterator, Limit })).body.__type).toBe('ValidationException')
})

test.each([
  ['TRIM_HORIZON', { StartingSequenceNumber: '5' }, /Request specified TRIM_HORIZON and also a Starting/],
  ['LATEST', { StartingSequenceNumber: '5' }, /Request specified LATEST and also a StartingSequenceNumber/],
  ['AT_SEQUENCE_NUMBER', {}, /Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber/],
  ['AFTER_SEQUENCE_NUMBER', {}, /Request specified AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber/],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: '5' },
    /is invalid because it did not come from this stream/,
  ],
  ['AT_TIMESTAMP', {}, /Must specify timestampInMillis parameter/],
  ['AT_TIMESTAMP', { Timestamp: start / 1000 + 10 }, /cannot be greater than the currentTimestampInMillis/],
])('an iterator of type %s with %o is an invalid argument', async (ShardIteratorType, more, message) => {
  const { caller } = await openWithRecords()
  const { status, body } = await caller.call('GetShardIterator', {
    StreamName: 's',
    ShardId: shardName(0),
    ShardIteratorType,
    ...more,
  })
  expect([status, body.__type]).toEqual([400, 'InvalidArgumentException'])
  expect(body.message).toMatch(message)
})

test('a sequence number of another shard is an invalid argument that names both', async () => {
  const { caller, numbers } = await openWithRecords()
  const { body } = await caller.call('GetShardIterator', {
    StreamName: 's',
    ShardId: shardName(1),
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: numbers[0],
  })
  expect(body).toEqual({
    __type: 'InvalidArgumentException',
    message:
      `Invalid StartingSequenceNumber. It encodes ${shardName(0)}, while it was used in a call to a shard ` +
      `with ${shardName(1)}`,
  })
})

test.each([
  ['shardId-5', `Shard ${shardName(5)} in stream s under account 000000000000 does not exist`],
  ['2147483648', 'Could not find shard 2147483648 in stream s under account 000000000000.'],
  ['nonsense', 'Could not find shard nonsense in stream s under account 000000000000.'],
])('shard %s is not found', async (ShardId, message) => {
  const { caller } = await openWithRecords()
  const wanted = { StreamName: 's', ShardId, ShardIteratorType: 'LATEST' }
  expect((await caller.call('GetShardIterator', wanted)).body).toEqual({
    __type: 'ResourceNotFoundException',
    message,
  })
})

test('an iterator lives five minutes', async () => {
  const { caller } = await openWithRecords()
  const ShardIterator = await iteratorOf(caller, 's', 'LATEST')
  caller.clock.now += 300_000
  expect((await caller.call('GetRecords', { ShardIterator })).status).toBe(200)
  caller.clock.now += 1
  const { status, body } = await caller.call('GetRecords', { ShardIterator })
  expect([status, body.__type]).toEqual([400, 'ExpiredIteratorException'])
  expect(body.message).toMatch(
    /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} while right now it is \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} which is further in the future than the tolerated delay of 300000 milliseconds\.$/,
  )
})

test('every read gives an iterator that lives five minutes from then on', async () => {
  const { caller } = await openWithRecords()
  let ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  const before = ShardIterator
  for (let read = 0; read < 3; read++) {
    caller.clock.now += 300_000
    const { status, body } = await caller.call('GetRecords', { ShardIterator, Limit: 1 })
    expect(status).toBe(200)
    ShardIterator = body.NextShardIterator ?? ''
  }
  const { body } = await caller.call('GetRecords', { ShardIterator: before })
  expect(body.__type).toBe('ExpiredIteratorException')
})

test('an iterator with any byte changed, cut or made up is refused', async () => {
  const { caller } = await openWithRecords()
  const bytes = Buffer.from(await iteratorOf(caller, 's', 'TRIM_HORIZON'), 'base64')
  const read = async (forged: Buffer) =>
    (await caller.call('GetRecords', { ShardIterator: forged.toString('base64') })).body.__type
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes)
    forged[at] = (forged[at] ?? 0) ^ 1
    expect(await read(forged), `byte ${at}`).toMatch(/^(InvalidArgument|ExpiredIterator)Exception$/)
  }
  expect(await read(bytes.subarray(0, -1))).toBe('InvalidArgumentException')
  expect(await read(Buffer.from('anything else'))).toBe('InvalidArgumentException')
})

test('a token of one kind is none of another', async () => {
  const { caller } = await openWithRecords()
  const { NextToken } = (await caller.call('ListShards', { StreamName: 's', MaxResults: 1 })).body
  expect((await caller.call('GetRecords', { ShardIterator: NextToken })).body).toEqual({
    __type: 'InvalidArgumentException',
    message: 'Invalid ShardIterator.',
  })
})

test('an iterator from before a restart has expired', async () => {
  const { caller } = await openWithRecords()
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  await caller.engine.close()
  const after = await openCaller({ folder: caller.folder })
  expect((await after.call('GetRecords', { ShardIterator })).body.__type).toBe('ExpiredIteratorException')
  expect(await keysFrom(after, await iteratorOf(after, 's', 'TRIM_HORIZON'))).toEqual(['a', 'b', 'c'])
})

test('an iterator does not outlive its stream, even if the name is used again', async () => {
  const { caller } = await openWithRecords()
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  const missing = {
    __type: 'ResourceNotFoundException',
    message: `Shard ${shardName(0)} in stream s under account 000000000000 does not exist`,
  }
  await caller.call('DeleteStream', { StreamName: 's' })
  expect((await caller.call('GetRecords', { ShardIterator })).body).toEqual(missing)
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 2 })
  expect((await caller.call('GetRecords', { ShardIterator })).body).toEqual(missing)
})

test('at the end of a closed shard there are its children and no next iterator', async () => {
  const caller = await openCaller()
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 1 })
  for (const PartitionKey of ['a', 'b'])
    await caller.call('PutRecord', { StreamName: 's', PartitionKey, Data: text('x') })
  const latest = await iteratorOf(caller, 's', 'LATEST')
  const NewStartingHashKey = '170141183460469231731687303715884105728'
  await caller.call('SplitShard', { StreamName: 's', ShardToSplit: shardName(0), NewStartingHashKey })

  const first = await caller.call('GetRecords', {
    ShardIterator: await iteratorOf(caller, 's', 'TRIM_HORIZON'),
    Limit: 1,
  })
  expect(first.body.NextShardIterator).toEqual(expect.any(String))
  expect(first.body.ChildShards).toBeUndefined()
  const last = await caller.call('GetRecords', { ShardIterator: first.body.NextShardIterator })
  expect(last.body).toMatchObject({ NextShardIterator: null, MillisBehindLatest: 0 })
  expect(last.body.Records).toHaveLength(1)
  const nothing = await caller.call('GetRecords', { ShardIterator: latest })
  expect(nothing.body).toMatchObject({ Records: [], NextShardIterator: null, MillisBehindLatest: 0 })
  expect(nothing.body.ChildShards).toEqual(last.body.ChildShards)
  expect(last.body.ChildShards).toEqual([
    {
      ShardId: shardName(1),
      ParentShards: [shardName(0)],
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: '170141183460469231731687303715884105727' },
    },
    {
      ShardId: shardName(2),
      ParentShards: [shardName(0)],
      HashKeyRange: {
        StartingHashKey: '170141183460469231731687303715884105728',
        EndingHashKey: '340282366920938463463374607431768211455',
      },
    },
  ])
})

test('the child of a merge is that of both its parents', async () => {
  const { caller } = await openWithRecords()
  await caller.call('MergeShards', {
    StreamName: 's',
    ShardToMerge: shardName(0),
    AdjacentShardToMerge: shardName(1),
  })
  for (const ShardId of [shardName(0), shardName(1)]) {
    const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON', { ShardId })
    expect((await caller.call('GetRecords', { ShardIterator })).body.ChildShards).toMatchObject([
      { ShardId: shardName(2), ParentShards: [shardName(0), shardName(1)] },
    ])
  }
})

test('reading on behind a sequence number works in a closed shard too, up to its last one', async () => {
  const { caller, numbers } = await openWithRecords()
  const NewStartingHashKey = '5000'
  await caller.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey })
  const { Shards } = (await caller.call('ListShards', { StreamName: 's' })).body
  const range = Shards?.[0]?.SequenceNumberRange
  const from = async (type: string, StartingSequenceNumber: string | undefined) =>
    keysFrom(caller, await iteratorOf(caller, 's', type, { StartingSequenceNumber }))
  expect(await from('AFTER_SEQUENCE_NUMBER', numbers[0])).toEqual(['b', 'c'])
  expect(await from('AT_SEQUENCE_NUMBER', range?.StartingSequenceNumber)).toEqual(['a', 'b', 'c'])
  expect(await from('AFTER_SEQUENCE_NUMBER', range?.EndingSequenceNumber)).toEqual([])
})

test('behind a record that retention has removed comes the oldest one left', async () => {
  const caller = await openCaller()
  const stream = await caller.engine.createStream('s', 1)
  const hourMs = 3_600_000
  // More than a segment of the log each hour, and whole segments are removed.
  const putMany = async (hour: number): Promise<string> => {
    caller.clock.now = start + hour * hourMs
    const puts = Array.from({ length: 17 }, (_, at) => stream.put(`${hour}-${at}`, Buffer.alloc(1024 * 1024)))
    await Promise.all(puts.map((put) => ('durable' in put ? put.durable : undefined)))
    return puts.map((put) => ('durable' in put ? put.sequenceNumber : ''))[3] ?? ''
  }
  const early = await putMany(0)
  await putMany(1)
  await putMany(25)
  caller.clock.now = start + 26 * hourMs
  await caller.engine.trim()
  const [oldest] = await keysFrom(caller, await iteratorOf(caller, 's', 'TRIM_HORIZON'))
  expect(oldest).toMatch(/^1-/)
  for (const type of ['AFTER_SEQUENCE_NUMBER', 'AT_SEQUENCE_NUMBER']) {
    const ShardIterator = await iteratorOf(caller, 's', type, { StartingSequenceNumber: early })
    expect((await keysFrom(caller, ShardIterator))[0]).toBe(oldest)
  }
})

test('a closed shard is gone with the last of its records, for iterators too', async () => {
  const { caller } = await openWithRecords()
  await caller.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '5000' })
  caller.clock.now += 24 * 3_600_000
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  caller.clock.now += 1
  await caller.engine.trim()
  const gone = {
    __type: 'ResourceNotFoundException',
    message: `Shard ${shardName(0)} in stream s under account 000000000000 does not exist`,
  }
  expect((await caller.call('GetRecords', { ShardIterator })).body).toEqual(gone)
  const again = { StreamName: 's', ShardId: shardName(0), ShardIteratorType: 'TRIM_HORIZON' }
  expect((await caller.call('GetShardIterator', again)).body).toEqual(gone)
  const { Shards } = (await caller.call('ListShards', { StreamName: 's' })).body
  expect(Shards?.map(({ ShardId }) => ShardId)).toEqual([1, 2, 3].map(shardName))
})
