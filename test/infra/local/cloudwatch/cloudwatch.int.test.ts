import { CloudWatch, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { expect, onTestFinished, test } from 'vitest'
import { kinesisMetrics } from '../../../../infra/local/cloudwatch/kinesis-metrics.ts'
import { lambdaMetrics } from '../../../../infra/local/cloudwatch/lambda-metrics.ts'
import { cloudWatchService } from '../../../../infra/local/cloudwatch/service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { credentials, openTestEndpoint, post } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const start = 1_790_000_000_000

/** A stream of two shards with its write limits, and the SDK's client with its defaults. */
const open = async () => {
  const clock = { now: start }
  const now = () => clock.now
  const kinesis = await openKinesis({ folder: await temporaryFolder(), limits: true, now, changeMs: 0 })
  onTestFinished(() => kinesis.close())
  const stream = await kinesis.createStream('votes', 2)
  const ages: Record<string, number> = { 'shardId-000000000000': 300, 'shardId-000000000001': 40 }
  const sources = [
    lambdaMetrics('aggregate', async () => 1234),
    kinesisMetrics({
      stream: kinesis.stream,
      isRead: (other) => other === stream,
      iteratorAgeMs: async ({ id }) => ages[id] ?? 0,
    }),
  ]
  const { url } = await openTestEndpoint([cloudWatchService({ sources, now })])
  const client = new CloudWatch({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())

  const results = async (queries: MetricDataQuery[], newestFirst = true) => {
    const { MetricDataResults = [] } = await client.getMetricData({
      StartTime: new Date(start - 60_000),
      EndTime: new Date(start + 300_000),
      ScanBy: newestFirst ? 'TimestampDescending' : 'TimestampAscending',
      MetricDataQueries: queries,
    })
    return MetricDataResults
  }
  const valuesOf = async (...queries: MetricDataQuery[]) =>
    (await results(queries)).map(({ Values }) => Values)
  return { clock, kinesis, stream, client, results, valuesOf }
}

let queries = 0
const query = (
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
  Stat = 'Sum',
  Period = 1,
): MetricDataQuery => ({
  Id: `q${queries++}`,
  MetricStat: {
    Metric: {
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period,
    Stat,
  },
})

const ofStream = (name: string, Stat?: string, Period?: number) =>
  query('AWS/Kinesis', name, { StreamName: 'votes' }, Stat, Period)
const ofShard = (name: string, ShardId: string, Stat?: string, Period?: number) =>
  query('AWS/Kinesis', name, { StreamName: 'votes', ShardId }, Stat, Period)

test('the traffic of a stream is that of its shards, in every statistic', async () => {
  const { clock, stream, valuesOf, results } = await open()
  const [low, high] = stream.shards.map(({ range }) => String(BigInt(`0x${range.start}`)))
  for (let n = 0; n < 1003; n++) stream.put('key', 'data', low)
  stream.put('key', 'much more', high)
  clock.now += 1000
  stream.put('key', 'data', high)
  clock.now += 1000

  const [first = '', second = ''] = stream.shards.map(({ id }) => id)
  expect(
    await valuesOf(
      ofStream('IncomingRecords'),
      ofShard('IncomingRecords', first),
      ofShard('IncomingRecords', second),
      ofStream('IncomingBytes'),
      ofShard('IncomingBytes', second),
      ofStream('IncomingBytes', 'Maximum'),
      ofStream('WriteProvisionedThroughputExceeded'),
      ofShard('WriteProvisionedThroughputExceeded', first),
      ofShard('WriteProvisionedThroughputExceeded', second),
      ofShard('WriteProvisionedThroughputExceeded', first, 'SampleCount'),
      ofShard('WriteProvisionedThroughputExceeded', first, 'Maximum'),
      ofShard('WriteProvisionedThroughputExceeded', first, 'Average', 2),
    ),
  ).toEqual([
    [1, 1001],
    [0, 1000],
    [1, 1],
    [7, 7012],
    [7, 12],
    [7, 12],
    [0, 3],
    [0, 3],
    [0, 0],
    [0, 1003],
    [1],
    [3 / 1003],
  ])
  const [oldestFirst] = await results([ofStream('IncomingRecords')], false)
  expect(oldestFirst).toMatchObject({
    Label: 'IncomingRecords',
    StatusCode: 'Complete',
    Timestamps: [new Date(start), new Date(start + 1000)],
    Values: [1001, 1],
  })
})

test('ages are those of the moment: of the function, the stream and each shard', async () => {
  const { valuesOf } = await open()
  expect(
    await valuesOf(
      query('AWS/Lambda', 'IteratorAge', { FunctionName: 'aggregate' }, 'Maximum', 60),
      ofStream('GetRecords.IteratorAgeMilliseconds', 'Maximum', 60),
      ofShard('IteratorAgeMilliseconds', 'shardId-000000000001', 'Maximum', 60),
    ),
  ).toEqual([[1234], [300], [40]])
})

test('a metric that is not known has no values', async () => {
  const { kinesis, valuesOf } = await open()
  await kinesis.createStream('unread', 1)
  const unknown = [
    ofStream('constructor'),
    ofStream('IteratorAgeMilliseconds'),
    ofShard('IncomingRecords', 'shardId-000000000007'),
    query('AWS/Kinesis', 'IncomingRecords', {}),
    query('AWS/Kinesis', 'IncomingRecords', { StreamName: 'other' }),
    query('AWS/Kinesis', 'IncomingRecords', { StreamName: 'votes', Consumer: 'c' }),
    query('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName: 'unread' }, 'Maximum', 60),
    query('AWS/Lambda', 'IteratorAge', { FunctionName: 'other' }, 'Maximum', 60),
    query('AWS/Lambda', 'Errors', { FunctionName: 'aggregate' }, 'Maximum', 60),
  ]
  expect(await valuesOf(...unknown)).toEqual(unknown.map(() => []))
})

test('what is not simulated is refused with what was expected', async () => {
  const { client, results } = await open()
  await expect(client.listMetrics({})).rejects.toMatchObject({ name: 'UnknownOperationException' })
  await expect(results([ofStream('IncomingRecords', 'p99')])).rejects.toThrow(
    "'p99' at 'metricDataQueries.1.member.metricStat.stat' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [Sum, Average, Maximum, SampleCount]',
  )
  await expect(results([{ Id: 'sum', Expression: 'a + b' }])).rejects.toThrow(
    "'metricDataQueries.1.member.metricStat' failed to satisfy constraint: Member must not be null",
  )
  await expect(results(Array(501).fill(ofStream('IncomingRecords')))).rejects.toThrow(
    'less than or equal to 500',
  )
})

test.each(['', '{', '[]', 'null', '{"MetricDataQueries":7}', '{"MetricDataQueries":[7]}'])(
  'a body that is %j is refused, not failed over',
  async (body) => {
    const { url } = await openTestEndpoint([cloudWatchService({ sources: [], now: () => start })])
    const answer = await post(url, 'GraniteServiceVersion20100801.GetMetricData', body)
    expect([answer.status, (await answer.json()).__type]).toEqual([400, 'SerializationException'])
  },
)
