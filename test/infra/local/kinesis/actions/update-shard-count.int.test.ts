import { expect, test } from 'vitest'
import { type Caller, openCaller, shardName } from './call-kinesis.ts'

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
const dayMs = 24 * 3_600_000

const openStream = async (
  ShardCount = 4,
  options: { changeMs?: number; scalingsADay?: number } = {},
): Promise<Caller> => {
  const caller = await openCaller(options)
  await caller.call('CreateStream', { StreamName: 's', ShardCount })
  caller.clock.now += options.changeMs ?? 0
  return caller
}

const scale = ({ call }: Caller, TargetShardCount: number, more: object = {}) =>
  call('UpdateShardCount', { StreamName: 's', TargetShardCount, ScalingType: 'UNIFORM_SCALING', ...more })

test('a scaling answers with both counts, and the open shards then share the hash keys out', async () => {
  const caller = await openStream()
  expect(await scale(caller, 8)).toEqual({
    status: 200,
    body: { StreamName: 's', CurrentShardCount: 4, TargetShardCount: 8, StreamARN },
  })
  const open = await caller.call('ListShards', { StreamName: 's', ShardFilter: { Type: 'AT_LATEST' } })
  const eighth = 2n ** 125n
  expect(open.body.Shards).toMatchObject(
    Array.from({ length: 8 }, (_, at) => ({
      ShardId: shardName(4 + at),
      ParentShardId: shardName(Math.floor(at / 2)),
      HashKeyRange: {
        StartingHashKey: String(eighth * BigInt(at)),
        EndingHashKey: String(eighth * BigInt(at + 1) - 1n),
      },
    })),
  )
  const all = await caller.call('ListShards', { StreamName: 's' })
  for (const { SequenceNumberRange } of all.body.Shards?.slice(0, 4) ?? [])
    expect(SequenceNumberRange.EndingSequenceNumber).toMatch(/^49\d{54}$/)
})

test('the next scaling counts open shards only', async () => {
  const caller = await openStream()
  await scale(caller, 6)
  expect((await scale(caller, 3, { StreamName: undefined, StreamARN })).body).toEqual({
    StreamName: 's',
    CurrentShardCount: 6,
    TargetShardCount: 3,
    StreamARN,
  })
})

test('a closed shard leads a reader through short-lived ones to those that are open', async () => {
  const caller = await openStream()
  await scale(caller, 6)
  const childrenOf = async (ShardId: string) => {
    const wanted = { StreamName: 's', ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    const { ShardIterator } = (await caller.call('GetShardIterator', wanted)).body
    const { Records, NextShardIterator, ChildShards } = (await caller.call('GetRecords', { ShardIterator }))
      .body
    expect(Records).toEqual([])
    expect(NextShardIterator).toBeNull()
    return ChildShards
  }
  expect(await childrenOf(shardName(0))).toMatchObject([
    { ShardId: shardName(4), ParentShards: [shardName(0)] },
    { ShardId: shardName(5), ParentShards: [shardName(0)] },
  ])
  expect(await childrenOf(shardName(5))).toMatchObject([
    { ShardId: shardName(12), ParentShards: [shardName(5), shardName(6)] },
  ])
})

test('the stream is UPDATING for a while, takes records, and no other change', async () => {
  const caller = await openStream(4, { changeMs: 200 })
  await scale(caller, 6)
  const { StreamDescription } = (await caller.call('DescribeStream', { StreamName: 's' })).body
  expect(StreamDescription?.StreamStatus).toBe('UPDATING')
  const put = { StreamName: 's', PartitionKey: 'k', Data: '', ExplicitHashKey: '0' }
  expect((await caller.call('PutRecord', put)).body.ShardId).toBe(shardName(4))
  expect((await scale(caller, 8)).body).toEqual({
    __type: 'ResourceInUseException',
    message: 'Stream s under account 000000000000 not ACTIVE, instead in state UPDATING',
  })
  caller.clock.now += 200
  expect((await scale(caller, 8)).status).toBe(200)
})

test.each([
  [4, 9, 'up over double'],
  [4, 1, 'down below half'],
  [5, 2, 'down below half'],
])('from %i shards to %i is too far', async (from, to, words) => {
  const caller = await openStream(from)
  expect((await scale(caller, to)).body).toEqual({
    __type: 'LimitExceededException',
    message:
      `UpdateShardCount cannot scale ${words} your current open shard count. ` +
      `Current open shard count: ${from}, Target shard count: ${to}`,
  })
})

test.each([
  [5, 3],
  [4, 2],
  [4, 4],
  [1, 2],
])('from %i shards to %i is near enough', async (from, to) => {
  const caller = await openStream(from)
  expect((await scale(caller, to)).status).toBe(200)
  const summary = await caller.call('DescribeStreamSummary', { StreamName: 's' })
  expect(summary.body).toMatchObject({ StreamDescriptionSummary: { OpenShardCount: to } })
})

test('an eleventh scaling within 24 hours is refused, also after a restart; refused ones do not count', async () => {
  const before = await openStream(2)
  expect((await scale(before, 9)).status).toBe(400)
  for (let time = 0; time < 10; time++) {
    expect((await scale(before, time % 2 === 0 ? 3 : 2)).status).toBe(200)
    before.clock.now += 1000
  }
  const refused = await scale(before, 3)
  expect(refused.body.__type).toBe('LimitExceededException')
  expect(refused.body.message).toMatch(/has been scaled 10 times within the last 24 hours/)
  await before.engine.close()

  const after = await openCaller({ folder: before.folder })
  after.clock.now += dayMs - 1
  expect((await scale(after, 3)).body.__type).toBe('LimitExceededException')
  after.clock.now += 1 // the first of the ten is a day old now
  expect((await scale(after, 3)).status).toBe(200)
  expect((await scale(after, 2)).body.__type).toBe('LimitExceededException')
})

test('how often a stream may be scaled is a setting', async () => {
  const caller = await openStream(2, { scalingsADay: 1 })
  expect((await scale(caller, 4)).status).toBe(200)
  expect((await scale(caller, 2)).body.__type).toBe('LimitExceededException')
})

test('shards of an on-demand stream are its own affair', async () => {
  const caller = await openCaller()
  await caller.call('CreateStream', { StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  expect((await scale(caller, 8)).body.__type).toBe('ValidationException')
})

test('a scaling beyond the quota of shards is refused', async () => {
  const caller = await openStream()
  await caller.engine.createStream('full', 994)
  const { body } = await scale(caller, 7)
  expect(body.__type).toBe('LimitExceededException')
  expect(body.message).toContain('Current shard count for the account: 998. Limit: 1000.')
  expect((await scale(caller, 6)).status).toBe(200)
})

test.each([
  [{ StreamName: 't' }, 'ResourceNotFoundException', /^Stream t under account 000000000000 not found\.$/],
  [{ TargetShardCount: 0 }, 'ValidationException', /'targetShardCount' .* greater than or equal to 1$/],
  [{ TargetShardCount: undefined }, 'ValidationException', /null at 'targetShardCount' .* not be null$/],
  [{ ScalingType: 'ANY' }, 'ValidationException', /'scalingType' .* enum value set: \[UNIFORM_SCALING\]$/],
  [{ ScalingType: undefined }, 'ValidationException', /null at 'scalingType' .* not be null$/],
  [{ StreamName: undefined }, 'InvalidArgumentException', /^Either StreamName or StreamARN must/],
])('with %o it is refused', async (more, type, message) => {
  const { status, body } = await scale(await openStream(), 6, more)
  expect([status, body.__type]).toEqual([400, type])
  expect(body.message).toMatch(message)
})
