import { CloudWatch } from '@aws-sdk/client-cloudwatch'
import { expect, onTestFinished, test } from 'vitest'
import { cloudWatchService } from '../../../../infra/local/cloudwatch/service.ts'
import { credentials, openTestEndpoint, post } from '../aws/open-endpoint.ts'

const now = 1_790_000_000_000

/** The SDK's client with its defaults, on an aggregator that is `ageMs` behind. */
const open = async (ageMs: number) => {
  const { url } = await openTestEndpoint([
    cloudWatchService(
      async () => ageMs,
      () => now,
    ),
  ])
  const client = new CloudWatch({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return { client, url }
}

test('every query is answered with the iterator age of the moment, whatever it names', async () => {
  const { client } = await open(1234)
  const stat = (MetricName: string) => ({
    Metric: { Namespace: 'AWS/Lambda', MetricName },
    Period: 60,
    Stat: 'Maximum',
  })
  const { MetricDataResults } = await client.getMetricData({
    StartTime: new Date(now - 300_000),
    EndTime: new Date(now),
    MetricDataQueries: [
      { Id: 'age', MetricStat: stat('IteratorAge') },
      { Id: 'other', MetricStat: stat('Errors') },
    ],
  })
  const answer = { Timestamps: [new Date(now)], Values: [1234], StatusCode: 'Complete' }
  expect(MetricDataResults).toEqual([
    { Id: 'age', Label: 'IteratorAge', ...answer },
    { Id: 'other', Label: 'IteratorAge', ...answer },
  ])
})

test('any other action is unknown', async () => {
  const { client } = await open(0)
  await expect(client.listMetrics({})).rejects.toMatchObject({ name: 'UnknownOperationException' })
})

test.each(['', '{', '[]', 'null', '{"MetricDataQueries":7}', '{"MetricDataQueries":[7]}'])(
  'a body that is %j is refused, not failed over',
  async (body) => {
    const { url } = await open(0)
    const answer = await post(url, 'GraniteServiceVersion20100801.GetMetricData', body)
    expect([answer.status, (await answer.json()).__type]).toEqual([400, 'SerializationException'])
  },
)
