import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { dynamoCountStore } from '../../../../aggregators/count.store.ts'
import { emptyLedger } from '../../../../aggregators/ledger.ts'
import { showCommand } from '../../../../infra/cli/shards/show.ts'
import { pipeline } from '../../../../infra/config.ts'
import type { Service } from '../../../../infra/local/aws/service.ts'
import { kinesisMetrics } from '../../../../infra/local/cloudwatch/kinesis-metrics.ts'
import { cloudWatchService } from '../../../../infra/local/cloudwatch/service.ts'
import { ensureCountTable } from '../../../../infra/local/count-table.ts'
import { dynamoService } from '../../../../infra/local/dynamodb/dynamo-service.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint, post } from '../../local/aws/open-endpoint.ts'
import { openCountTable } from '../../local/open-count-table.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'

/** Epoch ms of the instance, months from the laptop's: the start of a window of 5 s. */
const start = 1_790_000_000_000
/** All records come in the second that begins here. */
const sentAt = start + 1_000
/** When `show` looks: counting is taken to need 2 s, so that the window that ended at `start` is complete. */
const lookedAt = start + 3_000

const printed: string[] = []

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  printed.length = 0
})

/** DynamoDB with its answers dated `lookedAt`. */
const aTable = async (): Promise<{
  service: Service
  client: Awaited<ReturnType<typeof openCountTable>>['client']
}> => {
  const { client, endpoint } = await openCountTable()
  await ensureCountTable(client, pipeline.tableName)
  const inner = dynamoService(endpoint)
  onTestFinished(() => inner.close())
  const date = new Date(lookedAt).toUTCString()
  const handle: Service['handle'] = async (...request) => {
    const answer = await inner.handle(...request)
    return { ...answer, headers: { ...answer.headers, date } }
  }
  return { service: { ...inner, handle }, client }
}

/**
 * Placar's stream of three shards: one with half of the hash keys and 1,000 records of as many keys, one with a quarter and
 * 1,050 records of one key, of which it refuses 50, and one with a quarter and 20 records.
 */
const anInstance = async () => {
  const clock = { now: start - 60_000 }
  const now = (): number => clock.now
  const engine = await openKinesis({ folder: await temporaryFolder(), limits: true, now, changeMs: 0 })
  onTestFinished(() => engine.close())
  const stream = await engine.createStream(pipeline.streamName, 4)
  const metrics = kinesisMetrics({
    stream: engine.stream,
    isRead: () => true,
    iteratorAgeMs: async ({ id }) => (id.endsWith('4') ? 120 : 0),
  })
  const { service, client } = await aTable()
  const { url } = await openTestEndpoint([
    kinesisService({ engine, now, log: () => {} }),
    cloudWatchService({ sources: [metrics], now }),
    service,
  ])
  const merged = {
    StreamName: pipeline.streamName,
    ShardToMerge: 'shardId-000000000000',
    AdjacentShardToMerge: 'shardId-000000000001',
  }
  expect((await post(url, 'Kinesis_20131202.MergeShards', JSON.stringify(merged))).status).toBe(200)

  clock.now = sentAt
  const quarter = 2n ** 126n
  const put = (records: number, key: (n: number) => string, hashKey: bigint): void => {
    for (let n = 0; n < records; n += 1) stream.put(key(n), 'ten bytes.', String(hashKey))
  }
  put(1_000, (n) => `v-${n}`, 0n)
  put(1_050, () => 'celebrity', 2n * quarter)
  put(20, (n) => `v-${n}`, 3n * quarter)
  clock.now = lookedAt

  const recent = [{ start: start - 5_000, end: start, counted: { final: 500 } }]
  const ledger = { ...emptyLedger('shardId-000000000004'), revision: 1, recent }
  await dynamoCountStore(client, pipeline.tableName).putLedger(ledger)
  return url
}

const rates = (records: number, throttled = 0) => ({
  recordsPerSecond: expect.closeTo(records / 3),
  throttledPerSecond: expect.closeTo(throttled / 3),
})

it('tells a hot key from a hot shard, by the clock of the instance, whatever the laptop’s says', async () => {
  const url = await anInstance()
  await showCommand.run(['--json', '--endpoint-url', url])
  const { at, findings, ...reading } = JSON.parse(printed.splice(0).join('\n'))
  expect(Math.abs(at - lookedAt)).toBeLessThan(60_000)
  expect(reading).toMatchObject({
    status: 'ACTIVE',
    shardMetrics: true,
    measuredAt: lookedAt,
    traffic: rates(2_020, 50),
    shards: [
      {
        id: 'shardId-000000000004',
        rangeShare: 0.5,
        votesPerSecond: 100,
        traffic: rates(1_000),
        iteratorAgeMs: 120,
      },
      { id: 'shardId-000000000002', votesPerSecond: 0, traffic: rates(1_000, 50), iteratorAgeMs: 0 },
      { id: 'shardId-000000000003', rangeShare: 0.25, traffic: rates(20) },
    ],
  })
  expect(findings).toMatchObject([
    {
      kind: 'hot key',
      key: 'celebrity',
      keyShare: 1,
      sampled: 1_000,
      heat: { shardId: 'shardId-000000000002' },
    },
    { kind: 'hot shard', splitAt: String(2n ** 126n), heat: { shardId: 'shardId-000000000004' } },
  ])

  await showCommand.run(['--endpoint-url', url])
  const text = printed.join('\n')
  expect(text).toMatch(/^ *000000000004 +0000–7fff +50 % +100 +333 /m)
  expect(text).toMatch(/^Hot key: shardId-000000000002 gets 51 % of the traffic with 25 % of the hash keys/m)
  expect(text).toMatch(
    /^Hot shard: shardId-000000000004 gets 48 % of the traffic with 50 % of the hash keys/m,
  )
})
