import { expect, test } from 'vitest'
import { iteratorOf, openCaller, text } from './actions/call-kinesis.ts'

/** What AWS limits, offers or takes care of otherwise than a reader might expect of this Kinesis: docs/fidelity.md. */

const openStream = async () => {
  const caller = await openCaller({ limits: true })
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 1 })
  return caller
}

test('a shard is read more than five times and 2 MB in one moment', async () => {
  const caller = await openStream()
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  await caller.call('PutRecord', {
    StreamName: 's',
    PartitionKey: 'k',
    Data: text('x'.repeat(1_000_000)),
  })
  const reads = Array.from({ length: 12 }, () => caller.call('GetRecords', { ShardIterator }))
  const answers = await Promise.all(reads)
  expect(answers.map(({ status, body }) => [status, body.Records?.length])).toEqual(Array(12).fill([200, 1]))
})

test('control-plane calls are not throttled', async () => {
  const { call } = await openStream()
  const asked = Array.from({ length: 50 }, () => call('DescribeStream', { StreamName: 's' }))
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(50).fill(200))
})

test.each([
  'UpdateMaxRecordSize',
  'UpdateStreamWarmThroughput',
  'UpdateStreamRecordDistributionStrategy',
  'UpdateAccountSettings',
  'DescribeAccountSettings',
  'RegisterStreamConsumer',
  'SubscribeToShard',
  'StartStreamEncryption',
  'PutResourcePolicy',
  'TagResource',
])('%s is unknown', async (action) => {
  const { call } = await openStream()
  expect(await call(action, {})).toMatchObject({ status: 400, body: { __type: 'UnknownOperationException' } })
})

test('a producer that puts the same again has put two records', async () => {
  const caller = await openStream()
  const put = () => caller.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: text('x') })
  const [first, second] = [(await put()).body, (await put()).body]
  expect(second.SequenceNumber).not.toBe(first.SequenceNumber)
  const ShardIterator = await iteratorOf(caller, 's', 'TRIM_HORIZON')
  expect((await caller.call('GetRecords', { ShardIterator })).body.Records).toHaveLength(2)
})

test('an on-demand stream has four shards, and throttles like four', async () => {
  const { call } = await openCaller({ limits: true })
  await call('CreateStream', { StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  expect((await call('ListShards', { StreamName: 's' })).body.Shards).toHaveLength(4)
  const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'one', Data: text('x') }))
  const failed: (number | undefined)[] = []
  for (let put = 0; put < 3; put += 1)
    failed.push((await call('PutRecords', { StreamName: 's', Records })).body.FailedRecordCount)
  expect(failed).toEqual([0, 0, 500])
})
