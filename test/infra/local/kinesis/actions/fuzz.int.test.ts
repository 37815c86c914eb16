import fc from 'fast-check'
import { expect, test } from 'vitest'
import { iteratorOf, openCaller } from './call-kinesis.ts'

/** CreateStream and DeleteStream are left out: what they are asked by chance would be done. */
const actions = [
  'AddTagsToStream',
  'DecreaseStreamRetentionPeriod',
  'DescribeLimits',
  'DescribeStream',
  'DescribeStreamSummary',
  'DisableEnhancedMonitoring',
  'EnableEnhancedMonitoring',
  'GetRecords',
  'GetShardIterator',
  'IncreaseStreamRetentionPeriod',
  'ListShards',
  'ListStreams',
  'ListTagsForStream',
  'MergeShards',
  'PutRecord',
  'PutRecords',
  'RemoveTagsFromStream',
  'SplitShard',
  'UpdateShardCount',
  'UpdateStreamMode',
]

const typical = fc.constantFrom<unknown>(
  's',
  'shardId-000000000000',
  'arn:aws:kinesis:us-east-1:000000000000:stream/s',
  'TRIM_HORIZON',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'AFTER_SHARD_ID',
  'UNIFORM_SCALING',
  'ON_DEMAND',
  'ALL',
  48,
  'eA==',
  '0',
  '49179000000000000000000000000000000000001000000000000001',
  1_790_000_000,
  1,
)

const value = (depth: number): fc.Arbitrary<unknown> =>
  depth === 0
    ? fc.oneof(typical, fc.jsonValue({ maxDepth: 1 }))
    : fc.oneof(
        { weight: 4, arbitrary: typical },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
        { weight: 1, arbitrary: fc.array(input(depth - 1), { maxLength: 3 }) },
        { weight: 1, arbitrary: input(depth - 1) },
      )

const names = [
  'StreamName',
  'StreamARN',
  'ShardId',
  'ShardIteratorType',
  'StartingSequenceNumber',
  'Timestamp',
  'ShardIterator',
  'Limit',
  'MaxResults',
  'NextToken',
  'ExclusiveStartShardId',
  'StreamCreationTimestamp',
  'ShardFilter',
  'Type',
  'Records',
  'Data',
  'PartitionKey',
  'ExplicitHashKey',
  'SequenceNumberForOrdering',
  'ShardToSplit',
  'NewStartingHashKey',
  'ShardToMerge',
  'AdjacentShardToMerge',
  'TargetShardCount',
  'ScalingType',
  'StreamModeDetails',
  'StreamMode',
  'RetentionPeriodHours',
  'Tags',
  'TagKeys',
  'ExclusiveStartTagKey',
  'ShardLevelMetrics',
]

const input = (depth: number): fc.Arbitrary<object> =>
  fc.dictionary(fc.constantFrom(...names), value(depth), { maxKeys: 8 })

test('whatever is asked is answered or refused in AWS’s form, and never fails inside', async () => {
  const caller = await openCaller()
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 2 })
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...actions),
      input(2),
      fc.boolean(),
      async (action, fields, withIterator) => {
        const asked = withIterator ? { StreamName: 's', ...fields, ShardIterator } : fields
        const { status, body } = await caller.call(action, asked)
        seen.add(`${status} ${body.__type ?? ''}`)
        expect([200, 400]).toContain(status)
        expect(body.__type === undefined).toBe(status === 200)
      },
    ),
    { numRuns: 1500 },
  )
  expect([...seen]).toEqual(
    expect.arrayContaining(['200 ', '400 SerializationException', '400 ValidationException']),
  )
})
