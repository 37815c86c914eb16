import { KinesisClient, LimitExceededException, ResourceInUseException } from '@aws-sdk/client-kinesis'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { scaleVariables } from '../../../../infra/aws/show-times/variables.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { streamNameVariable } from '../../../../ingest/environment.ts'
import { credentials, openTestEndpoint } from '../../local/aws/open-endpoint.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

/** The handler as it is loaded beside a stream of four shards, which takes so many steps a day. */
const openScaler = async (showTimes: readonly { at: string; shards: number }[], scalingsADay = 10) => {
  const engine = await openKinesis({
    folder: await temporaryFolder(),
    limits: false,
    now: Date.now,
    changeMs: 0,
    scalingsADay,
  })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now: Date.now, log: () => {} })])
  await engine.createStream('votes', 4, 'PROVISIONED')
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    [streamNameVariable]: 'votes',
    [scaleVariables.shows]: JSON.stringify(showTimes),
    [scaleVariables.usualShards]: '4',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const { handler } = await import('../../../../infra/aws/show-times/scale.lambda.ts')
  return handler
}

const now = (): string => new Date().toISOString()

it('a run takes the stream one legal step towards the show, until it is there', async () => {
  const handler = await openScaler([{ at: now(), shards: 12 }])
  expect(await handler()).toEqual({ from: 4, wanted: 12, to: 8 })
  expect(await handler()).toEqual({ from: 8, wanted: 12, to: 12 })
  expect(await handler()).toEqual({ from: 12, wanted: 12 })
})

it('a stream with its usual shards is left alone when no show is near', async () => {
  const handler = await openScaler([{ at: '2020-01-01T20:00:00Z', shards: 12 }])
  expect(await handler()).toEqual({ from: 4, wanted: 4 })
})

it("a step up over the day's limit is thrown, for the alarm to hear: the show may begin with too few shards", async () => {
  const handler = await openScaler([{ at: now(), shards: 12 }], 1)
  expect(await handler()).toMatchObject({ to: 8 })
  await expect(handler()).rejects.toThrow(LimitExceededException)
})

it("a step down over the day's limit is left to a later run", async () => {
  const show = { at: now(), shards: 8 }
  const handler = await openScaler([show], 1)
  expect(await handler()).toMatchObject({ to: 8 })
  vi.spyOn(Date, 'now').mockReturnValue(Date.parse(show.at) + 5 * 60 * 60_000)
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  expect(await handler()).toEqual({ from: 8, wanted: 4 })
})

it('a step that is under way is left to a later run', async () => {
  const handler = await openScaler([{ at: now(), shards: 12 }])
  vi.spyOn(KinesisClient.prototype, 'send')
    .mockResolvedValueOnce({
      StreamDescriptionSummary: { OpenShardCount: 4, StreamStatus: 'ACTIVE' },
    } as never)
    .mockRejectedValueOnce(new ResourceInUseException({ message: 'UPDATING', $metadata: {} }) as never)
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  expect(await handler()).toEqual({ from: 4, wanted: 12 })
})

it('what Kinesis refuses for another reason is thrown', async () => {
  const handler = await openScaler([{ at: now(), shards: 12 }])
  vi.spyOn(KinesisClient.prototype, 'send').mockRejectedValue(new Error('no access') as never)
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  await expect(handler()).rejects.toThrow('no access')
})
