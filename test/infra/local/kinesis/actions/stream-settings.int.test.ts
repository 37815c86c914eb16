import { expect, test } from 'vitest'
import { type Answer, type Caller, iteratorOf, keysFrom, openCaller, start } from './call-kinesis.ts'

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
const hourMs = 3_600_000

const openStream = async (changeMs = 0): Promise<Caller> => {
  const caller = await openCaller({ changeMs })
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 2 })
  caller.clock.now += changeMs
  return caller
}

const descriptionOf = async ({ call }: Caller) =>
  (await call('DescribeStream', { StreamName: 's' })).body.StreamDescription

const increase = ({ call }: Caller, RetentionPeriodHours: number): Promise<Answer> =>
  call('IncreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours })

const decrease = ({ call }: Caller, RetentionPeriodHours: number): Promise<Answer> =>
  call('DecreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours })

const switchTo = ({ call }: Caller, StreamMode: string): Promise<Answer> =>
  call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode } })

test('retention goes from 24 to 8,760 hours and back', async () => {
  const caller = await openStream()
  expect(await increase(caller, 8760)).toEqual({ status: 200, body: {} })
  expect((await descriptionOf(caller))?.RetentionPeriodHours).toBe(8760)
  expect(await decrease(caller, 24)).toEqual({ status: 200, body: {} })
  expect((await descriptionOf(caller))?.RetentionPeriodHours).toBe(24)
})

test.each([increase, decrease])('the retention there is already is no change', async (change) => {
  const caller = await openStream(200)
  expect((await change(caller, 24)).status).toBe(200)
  expect((await descriptionOf(caller))?.StreamStatus).toBe('ACTIVE')
})

test.each([
  [
    increase,
    23,
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  ],
  [
    decrease,
    23,
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  ],
  [
    increase,
    8761,
    'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  ],
  [
    decrease,
    8761,
    'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  ],
  [
    increase,
    47,
    'Requested retention period (47 hours) for stream s can not be shorter than existing retention period ' +
      '(48 hours). Use DecreaseRetentionPeriod API.',
  ],
  [
    decrease,
    49,
    'Requested retention period (49 hours) for stream s can not be longer than existing retention period ' +
      '(48 hours). Use IncreaseRetentionPeriod API.',
  ],
])('%o of a stream of 48 hours to %i is an invalid argument', async (change, hours, message) => {
  const caller = await openStream()
  await increase(caller, 48)
  expect((await change(caller, hours)).body).toEqual({ __type: 'InvalidArgumentException', message })
})

/** A segment of the log and a little more: whole segments are removed. */
const putMany = async ({ engine, clock }: Caller, hour: number): Promise<void> => {
  clock.now = start + hour * hourMs
  const stream = engine.stream('s')
  const puts = Array.from({ length: 17 }, (_, at) =>
    stream?.put(`${hour}-${at}`, Buffer.alloc(1024 * 1024), '0'),
  )
  await Promise.all(puts.map((put) => (put && 'durable' in put ? put.durable : undefined)))
}

test('with a shorter retention, what is older goes at once; with a longer one, what had expired stays gone', async () => {
  const caller = await openStream()
  await increase(caller, 72)
  for (const hour of [0, 1, 30, 31]) await putMany(caller, hour)
  const oldest = async () => (await keysFrom(caller, await iteratorOf(caller, 's', 'TRIM_HORIZON')))[0]
  await caller.engine.trim()
  expect(await oldest()).toMatch(/^0-/)
  await decrease(caller, 24)
  expect(await oldest()).toMatch(/^(1|30)-/)
  caller.clock.now = start + 60 * hourMs
  await increase(caller, 96)
  expect(await oldest()).toMatch(/^(30|31)-/)
})

test('an ended shard that had expired is not listed again when the retention is longer', async () => {
  const caller = await openStream()
  await caller.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '5000' })
  caller.clock.now += 24 * hourMs + 1
  await increase(caller, 48)
  expect((await caller.call('ListShards', { StreamName: 's' })).body.Shards).toHaveLength(3)
})

test('the mode is switched by ARN, and the shards stay', async () => {
  const caller = await openStream()
  expect(await switchTo(caller, 'ON_DEMAND')).toEqual({ status: 200, body: {} })
  expect(await descriptionOf(caller)).toMatchObject({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  expect((await caller.call('ListShards', { StreamName: 's' })).body.Shards).toHaveLength(2)
})

test('a mode is switched twice in 24 hours', async () => {
  const caller = await openStream()
  await switchTo(caller, 'ON_DEMAND')
  caller.clock.now += 1000
  await switchTo(caller, 'PROVISIONED')
  expect((await switchTo(caller, 'ON_DEMAND')).body.__type).toBe('LimitExceededException')
  caller.clock.now += 24 * hourMs - 1000
  expect((await switchTo(caller, 'ON_DEMAND')).status).toBe(200)
})

test('a stream cannot be switched to the mode it has, by name alone, or as the 51st on-demand one', async () => {
  const caller = await openStream()
  const { call, engine } = caller
  expect((await switchTo(caller, 'PROVISIONED')).body.__type).toBe('InvalidArgumentException')
  const byName = { StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
  expect((await call('UpdateStreamMode', byName)).body.message).toMatch(/null at 'streamARN' .* not be null$/)
  for (let at = 0; at < 50; at++) await engine.createStream(`t-${at}`, 1, 'ON_DEMAND')
  expect((await switchTo(caller, 'ON_DEMAND')).body.__type).toBe('LimitExceededException')
  expect((await call('CreateStream', { ...byName, StreamName: 'u' })).body.__type).toBe(
    'LimitExceededException',
  )
})

const metrics = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
]

test('metrics are switched on and off one by one or all at once, and described', async () => {
  const caller = await openStream()
  const monitor = async (action: string, ...ShardLevelMetrics: string[]) =>
    (await caller.call(`${action}EnhancedMonitoring`, { StreamName: 's', ShardLevelMetrics })).body
  const names = { StreamName: 's', StreamARN }
  expect(await monitor('Enable', 'OutgoingBytes', 'IncomingBytes')).toEqual({
    ...names,
    CurrentShardLevelMetrics: [],
    DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
  })
  expect(await monitor('Enable', 'ALL')).toMatchObject({ DesiredShardLevelMetrics: metrics })
  expect(await monitor('Disable', 'IncomingBytes')).toEqual({
    ...names,
    CurrentShardLevelMetrics: metrics,
    DesiredShardLevelMetrics: metrics.slice(1),
  })
  expect((await descriptionOf(caller))?.EnhancedMonitoring).toEqual([{ ShardLevelMetrics: metrics.slice(1) }])
  expect(await monitor('Disable', 'ALL')).toMatchObject({ DesiredShardLevelMetrics: [] })
  for (const wrong of [[], ['Any']])
    expect((await monitor('Enable', ...wrong)).__type).toBe('ValidationException')
})

test('limits count open shards and on-demand streams', async () => {
  const { call } = await openStream()
  await call('MergeShards', { StreamName: 's', ShardToMerge: '0', AdjacentShardToMerge: '1' })
  await call('CreateStream', { StreamName: 't', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  expect((await call('DescribeLimits', {})).body).toEqual({
    ShardLimit: 1000,
    OpenShardCount: 5,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 50,
  })
})

const changes: [action: string, input: object][] = [
  ['IncreaseStreamRetentionPeriod', { RetentionPeriodHours: 48 }],
  ['DecreaseStreamRetentionPeriod', { RetentionPeriodHours: 24 }],
  ['EnableEnhancedMonitoring', { ShardLevelMetrics: ['ALL'] }],
  ['DisableEnhancedMonitoring', { ShardLevelMetrics: ['ALL'] }],
  ['UpdateStreamMode', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }],
  ['AddTagsToStream', { Tags: { a: 'b' } }],
  ['RemoveTagsFromStream', { TagKeys: ['a'] }],
]

test.each(changes)('%s needs a stream that is there and ACTIVE', async (action, input) => {
  const { call, clock } = await openStream(200)
  await call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '5000' })
  expect((await call(action, { ...input, StreamARN })).body).toEqual({
    __type: 'ResourceInUseException',
    message: 'Stream s under account 000000000000 not ACTIVE, instead in state UPDATING',
  })
  clock.now += 200
  expect((await call(action, { ...input, StreamARN })).status).toBe(200)
  const missing = StreamARN.replace(/s$/, 'missing')
  expect((await call(action, { ...input, StreamARN: missing })).body).toEqual({
    __type: 'ResourceNotFoundException',
    message: 'Stream missing under account 000000000000 not found.',
  })
})

test('a restart keeps retention, mode, metrics, tags and the times of changes', async () => {
  const before = await openStream()
  const { call } = before
  await call('UpdateShardCount', { StreamName: 's', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' })
  await increase(before, 48)
  await switchTo(before, 'ON_DEMAND')
  await call('EnableEnhancedMonitoring', { StreamName: 's', ShardLevelMetrics: ['IncomingBytes'] })
  await call('AddTagsToStream', { StreamName: 's', Tags: { a: 'b' } })
  const kept = before.engine.stream('s')?.record()
  expect(kept).toMatchObject({
    retentionHours: 48,
    mode: 'ON_DEMAND',
    metrics: ['IncomingBytes'],
    tags: { a: 'b' },
    scaledAt: [start],
    modeChangedAt: [start],
  })
  await before.engine.close()
  const after = await openCaller({ folder: before.folder })
  expect(after.engine.stream('s')?.record()).toEqual(kept)
})
