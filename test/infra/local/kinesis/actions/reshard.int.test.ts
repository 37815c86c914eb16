import { expect, test } from 'vitest'
import { maxHashKey } from '../../../../../infra/local/kinesis/hash-key.ts'
import { type Caller, openCaller, shardName } from './call-kinesis.ts'

const middle = 2n ** 127n
const split = { StreamName: 's', ShardToSplit: shardName(0), NewStartingHashKey: '1000' }
const merge = { StreamName: 's', ShardToMerge: shardName(0), AdjacentShardToMerge: shardName(1) }

/** Stream `s` of four shards, of which the first two share the lower half of the hash keys. */
const openStream = async (changeMs = 0): Promise<Caller> => {
  const caller = await openCaller({ changeMs })
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 4 })
  caller.clock.now += changeMs
  return caller
}

const statusOf = async ({ call }: Caller): Promise<string | undefined> =>
  (await call('DescribeStream', { StreamName: 's' })).body.StreamDescription?.StreamStatus

test('a split is answered without a body and leaves two open shards in place of one', async () => {
  const { call } = await openStream()
  expect(await call('SplitShard', split)).toEqual({ status: 200, body: {} })
  const { Shards } = (await call('ListShards', { StreamName: 's' })).body
  const ending = String(middle / 2n - 1n)
  expect(Shards?.slice(4)).toMatchObject([
    { ParentShardId: shardName(0), HashKeyRange: { StartingHashKey: '0', EndingHashKey: '999' } },
    { ParentShardId: shardName(0), HashKeyRange: { StartingHashKey: '1000', EndingHashKey: ending } },
  ])
  expect(Shards?.[0]?.SequenceNumberRange.EndingSequenceNumber).toMatch(/^49\d{54}$/)
  expect((await call('DescribeStreamSummary', { StreamName: 's' })).body).toMatchObject({
    StreamDescriptionSummary: { OpenShardCount: 5 },
  })
})

test('a merge is answered without a body and leaves one open shard in place of two', async () => {
  const { call } = await openStream()
  expect(await call('MergeShards', merge)).toEqual({ status: 200, body: {} })
  const { Shards } = (await call('ListShards', { StreamName: 's', ShardFilter: { Type: 'AT_LATEST' } })).body
  expect(Shards?.map(({ ShardId }) => ShardId)).toEqual([2, 3, 4].map(shardName))
  expect(Shards?.[2]).toMatchObject({
    ParentShardId: shardName(0),
    AdjacentParentShardId: shardName(1),
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(middle - 1n) },
  })
})

test('the stream is UPDATING for a while, takes records all the time, and no other change', async () => {
  const caller = await openStream(200)
  const { call, clock } = caller
  await call('SplitShard', split)
  expect(await statusOf(caller)).toBe('UPDATING')
  const put = await call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: '', ExplicitHashKey: '0' })
  expect(put.body.ShardId).toBe(shardName(4))
  const inUse = {
    status: 400,
    body: {
      __type: 'ResourceInUseException',
      message: 'Stream s under account 000000000000 not ACTIVE, instead in state UPDATING',
    },
  }
  const next = { ...split, ShardToSplit: shardName(4), NewStartingHashKey: '500' }
  const others = { ...merge, ShardToMerge: shardName(2), AdjacentShardToMerge: shardName(3) }
  expect(await call('SplitShard', next)).toEqual(inUse)
  expect(await call('MergeShards', others)).toEqual(inUse)
  expect(await call('SplitShard', split)).toEqual(inUse) // the same again
  clock.now += 200
  expect(await statusOf(caller)).toBe('ACTIVE')
  expect((await call('SplitShard', next)).status).toBe(200)
})

test('of two changes at once one is made, the other finds the stream in use', async () => {
  const { call } = await openStream(200)
  const answers = await Promise.all([call('SplitShard', split), call('MergeShards', merge)])
  expect(answers.map(({ status, body }) => [status, body.__type])).toEqual([
    [200, undefined],
    [400, 'ResourceInUseException'],
  ])
})

test('a stream that is still being created cannot be changed', async () => {
  const { call } = await openCaller({ changeMs: 200 })
  await call('CreateStream', { StreamName: 's', ShardCount: 2 })
  expect((await call('SplitShard', split)).body.__type).toBe('ResourceInUseException')
  expect((await call('MergeShards', merge)).body.__type).toBe('ResourceInUseException')
})

test.each([
  ['SplitShard', { ...split, StreamName: 't' }, 'Stream t under account 000000000000 not found.'],
  ['MergeShards', { ...merge, StreamName: 't' }, 'Stream t under account 000000000000 not found.'],
  [
    'SplitShard',
    { ...split, ShardToSplit: 'shardId-7' },
    `Could not find shard ${shardName(7)} in stream s under account 000000000000.`,
  ],
  [
    'SplitShard',
    { ...split, ShardToSplit: 'nonsense' },
    'Could not find shard nonsense in stream s under account 000000000000.',
  ],
  [
    'MergeShards',
    { ...merge, AdjacentShardToMerge: '7' },
    `Could not find shard ${shardName(7)} in stream s under account 000000000000.`,
  ],
])('%s of %o is not found', async (action, input, message) => {
  const { call } = await openStream()
  expect(await call(action, input)).toEqual({
    status: 400,
    body: { __type: 'ResourceNotFoundException', message },
  })
})

test.each(['0', '1', String(middle / 2n - 1n), String(middle), String(maxHashKey + 1n)])(
  'a shard cannot be split at %s: a child would be too narrow, or elsewhere',
  async (NewStartingHashKey) => {
    const { call } = await openStream()
    expect((await call('SplitShard', { ...split, NewStartingHashKey })).body).toEqual({
      __type: 'InvalidArgumentException',
      message:
        `NewStartingHashKey ${NewStartingHashKey} used in SplitShard() on shard ${shardName(0)} in stream s ` +
        "under account 000000000000 is not both greater than one plus the shard's StartingHashKey 0 " +
        `and less than the shard's EndingHashKey ${middle / 2n - 1n}.`,
    })
  },
)

test.each([
  [0, 2],
  [1, 0],
  [1, 1],
])('shards %i and %i are no pair to be merged', async (left, right) => {
  const { call } = await openStream()
  const pair = { ShardToMerge: shardName(left), AdjacentShardToMerge: shardName(right) }
  expect((await call('MergeShards', { StreamName: 's', ...pair })).body).toEqual({
    __type: 'InvalidArgumentException',
    message:
      `Shards ${shardName(left)} and ${shardName(right)} in stream s under account 000000000000 ` +
      'are not an adjacent pair of shards eligible for merging',
  })
})

test('a shard is split or merged once', async () => {
  const { call } = await openStream()
  await call('MergeShards', merge)
  const again = {
    __type: 'InvalidArgumentException',
    message:
      `Shard ${shardName(0)} in stream s under account 000000000000 has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  }
  expect((await call('SplitShard', split)).body).toEqual(again)
  expect((await call('MergeShards', merge)).body).toEqual(again)
})

test('shards of an on-demand stream are its own affair', async () => {
  const { call } = await openCaller()
  await call('CreateStream', { StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  expect((await call('SplitShard', split)).body.__type).toBe('ValidationException')
  expect((await call('MergeShards', merge)).body.__type).toBe('ValidationException')
})

test('a split beyond the quota is refused; ended shards do not count', async () => {
  const { call, engine } = await openStream()
  await call('MergeShards', merge) // 3 are open, 2 ended
  await engine.createStream('full', 996)
  const at = { StreamName: 's', ShardToSplit: shardName(4) }
  expect((await call('SplitShard', { ...at, NewStartingHashKey: '1000' })).status).toBe(200)
  const next = { ...at, ShardToSplit: shardName(5), NewStartingHashKey: '500' }
  const { body } = await call('SplitShard', next)
  expect(body.__type).toBe('LimitExceededException')
  expect(body.message).toContain('Current shard count for the account: 1000. Limit: 1000.')
})

test.each([
  ['SplitShard', {}, /^2 validation errors detected: .*'newStartingHashKey'.*'shardToSplit'/],
  ['MergeShards', {}, /^2 validation errors detected: .*'shardToMerge'.*'adjacentShardToMerge'/],
  [
    'SplitShard',
    { ...split, NewStartingHashKey: '-1' },
    /^1 validation error detected: .*'newStartingHashKey'/,
  ],
])(
  '%s without what it needs, or with something else, is a validation error',
  async (action, input, message) => {
    const { call } = await openStream()
    const { status, body } = await call(action, input)
    expect([status, body.__type]).toEqual([400, 'ValidationException'])
    expect(body.message).toMatch(message)
  },
)
