import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { expect, onTestFinished, test } from 'vitest'
import { trafficReader } from '../../dashboard/traffic.store.ts'
import { kinesisMetrics } from '../../infra/local/cloudwatch/kinesis-metrics.ts'
import { cloudWatchService } from '../../infra/local/cloudwatch/service.ts'
import { openKinesis } from '../../infra/local/kinesis/kinesis.ts'
import { credentials, openTestEndpoint } from '../infra/local/aws/open-endpoint.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'

const start = 1_790_000_000_000

/** In its newest whole period of 5 s, a stream's first shard took 1,000 records of 10 bytes and refused 10; the nth took 5n. */
const open = async (shards: number) => {
  const clock = { now: start }
  const now = () => clock.now
  const kinesis = await openKinesis({ folder: await temporaryFolder(), limits: true, now, changeMs: 0 })
  onTestFinished(() => kinesis.close())
  const stream = await kinesis.createStream('votes', shards)
  for (const [index, { range }] of stream.shards.entries())
    for (let n = 0; n < (index === 0 ? 1010 : 5 * index); n++)
      stream.put('v', '123456789', String(BigInt(`0x${range.start}`)))
  clock.now += 5100
  stream.put('v', 'of the period that runs')
  const metrics = kinesisMetrics({
    stream: kinesis.stream,
    isRead: () => false,
    iteratorAgeMs: async () => 0,
  })
  const { url } = await openTestEndpoint([cloudWatchService({ sources: [metrics], now })])
  const client = new CloudWatchClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  const read = (shardMetrics: boolean) =>
    trafficReader(
      client,
      { stream: 'votes', periodSeconds: 5, shardMetrics },
      now,
    )(stream.shards.map(({ id }) => id))
  return { read, stream }
}

test('every shard’s rates are read, also of more shards than one request may ask for', async () => {
  const { read, stream } = await open(170)
  const { shards, throttledPerSecond } = await read(true)
  expect(throttledPerSecond).toBe(2)
  const rates = (index: number) =>
    index === 0
      ? { recordsPerSecond: 200, bytesPerSecond: 2000, throttledPerSecond: 2 }
      : { recordsPerSecond: index, bytesPerSecond: 10 * index, throttledPerSecond: 0 }
  expect([...shards]).toEqual(stream.shards.map(({ id }, index) => [id, rates(index)]))
})

test('without shard metrics the throttles of the whole stream are read alone', async () => {
  const { read } = await open(2)
  expect(await read(false)).toEqual({ shards: new Map(), throttledPerSecond: 2 })
})
