import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evenRanges, maxHashKey } from '../../../../../infra/local/kinesis/hash-key.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { type Answer, type Caller, openCaller, shardName, start } from './call-kinesis.ts'

const hourMs = 3_600_000

/**
 * A stream that was split a while ago, as a restart finds it:
 *
 *   created -30 h      -20 h           now
 *   0 ───────────────────┤
 *                        ├── 2 ──────────
 *                        ├── 3 ──────────
 *   1 ───────────────────────────────────
 */
const openReshardedStream = async (endedHoursAgo = 20): Promise<Caller> => {
  const folder = await temporaryFolder()
  const [left, right] = evenRanges(2)
  const [, , , ...quarters] = [0, 0, 0, ...evenRanges(4)]
  const shards = [
    { index: 0, range: left, endedAt: start - endedHoursAgo * hourMs, endingSequenceNumber: '49' },
    { index: 1, range: right },
    { index: 2, range: quarters[0], parent: shardName(0) },
    { index: 3, range: quarters[1], parent: shardName(0) },
  ]
  const stream = {
    name: 's',
    mode: 'PROVISIONED',
    createdAt: start - 30 * hourMs,
    retentionHours: 24,
    shards,
  }
  await writeFile(join(folder, 'streams.json'), JSON.stringify({ boot: 1, streams: [stream] }))
  return openCaller({ folder })
}

const indexes = ({ body }: Answer): number[] =>
  (body.Shards ?? []).map(({ ShardId }) => Number(ShardId.slice(-12)))

test.each([
  ['all by default', undefined, [0, 1, 2, 3]],
  ['AFTER_SHARD_ID', { ShardId: shardName(1) }, [2, 3]],
  ['AT_TRIM_HORIZON', {}, [0, 1]],
  ['FROM_TRIM_HORIZON', {}, [0, 1, 2, 3]],
  ['AT_LATEST', {}, [1, 2, 3]],
  ['AT_TIMESTAMP', { Timestamp: (start - 21 * hourMs) / 1000 }, [0, 1]],
  ['AT_TIMESTAMP', { Timestamp: (start - 20 * hourMs) / 1000 }, [0, 1, 2, 3]],
  ['AT_TIMESTAMP', { Timestamp: start / 1000 }, [1, 2, 3]],
  ['FROM_TIMESTAMP', { Timestamp: (start - 21 * hourMs) / 1000 }, [0, 1, 2, 3]],
  ['FROM_TIMESTAMP', { Timestamp: (start - 19 * hourMs) / 1000 }, [1, 2, 3]],
])('%s %o lists shards %j', async (Type, more, expected) => {
  const { call } = await openReshardedStream()
  const filter = more === undefined ? {} : { ShardFilter: { Type, ...more } }
  expect(indexes(await call('ListShards', { StreamName: 's', ...filter }))).toEqual(expected)
})

test('a closed shard whose records have expired is not listed any more', async () => {
  const { call } = await openReshardedStream(25)
  expect(indexes(await call('ListShards', { StreamName: 's' }))).toEqual([1, 2, 3])
})

test('a closed shard shows its last sequence number, a child its parent', async () => {
  const { call } = await openReshardedStream()
  const { Shards } = (await call('ListShards', { StreamName: 's' })).body
  expect(Shards?.[0]).toMatchObject({ SequenceNumberRange: { EndingSequenceNumber: '49' } })
  expect(Shards?.[2]).toMatchObject({ ParentShardId: shardName(0) })
  expect(Shards?.[1]).toMatchObject({ HashKeyRange: { EndingHashKey: String(maxHashKey) } })
})

test.each(['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'])(
  'filter %s is refused without its value',
  async (Type) => {
    const { call } = await openReshardedStream()
    const { status, body } = await call('ListShards', { StreamName: 's', ShardFilter: { Type } })
    expect([status, body.__type]).toEqual([400, 'InvalidArgumentException'])
  },
)

test('pages follow each other by token, with the filter of the first one', async () => {
  const { call } = await openReshardedStream()
  const ShardFilter = { Type: 'AT_LATEST' }
  const first = await call('ListShards', { StreamName: 's', ShardFilter, MaxResults: 2 })
  expect(indexes(first)).toEqual([1, 2])
  const second = await call('ListShards', { NextToken: first.body.NextToken })
  expect(indexes(second)).toEqual([3])
  expect(second.body.NextToken).toBeUndefined()
})

test('a token stands alone', async () => {
  const { call } = await openReshardedStream()
  const { NextToken } = (await call('ListShards', { StreamName: 's', MaxResults: 1 })).body
  expect((await call('ListShards', { NextToken, StreamName: 's' })).body).toEqual({
    __type: 'InvalidArgumentException',
    message: 'NextToken and StreamName cannot be provided together.',
  })
  expect((await call('ListShards', {})).body).toEqual({
    __type: 'InvalidArgumentException',
    message: 'Either NextToken or StreamName should be provided.',
  })
})

test('a token expires after 300 seconds, and a made-up one is invalid', async () => {
  const { call, clock } = await openReshardedStream()
  const { NextToken } = (await call('ListShards', { StreamName: 's', MaxResults: 1 })).body
  clock.now += 300_001
  expect((await call('ListShards', { NextToken })).body.__type).toBe('ExpiredNextTokenException')
  expect((await call('ListShards', { NextToken: 'abc' })).body.__type).toBe('InvalidArgumentException')
})

test('a creation time tells streams of one name apart', async () => {
  const { call } = await openReshardedStream()
  const created = (start - 30 * hourMs) / 1000
  const right = await call('ListShards', { StreamName: 's', StreamCreationTimestamp: created })
  expect(right.status).toBe(200)
  const other = await call('ListShards', { StreamName: 's', StreamCreationTimestamp: created - 60 })
  expect(other.body.__type).toBe('ResourceNotFoundException')
})

test('a stream that is still being created has no shards to list yet', async () => {
  const { call } = await openCaller({ changeMs: 200 })
  await call('CreateStream', { StreamName: 's', ShardCount: 1 })
  expect((await call('ListShards', { StreamName: 's' })).body.__type).toBe('ResourceInUseException')
})
