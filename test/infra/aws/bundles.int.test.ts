import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildSite } from '../../../dashboard/build.ts'
import { addPlacar } from '../../../infra/aws/placar.ts'
import { defaults } from '../../../infra/aws/settings.ts'
import { pipeline } from '../../../infra/config.ts'
import { handlerEnvironment } from '../../../infra/local/handler-environment.ts'
import { invoke } from '../../../infra/local/lambda/invoke.ts'
import { workerPool } from '../../../infra/local/lambda/worker-pool.ts'
import { startRuntime } from '../../../infra/local/runtime.ts'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { freePort } from '../../e2e/placar.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

type Bundle = { module: string; bytes: number; environment: Record<string, unknown> }

/** The functions of a stack as they would be uploaded, by the name that their construct gives them. */
const synthesizeBundles = async (outdir: string): Promise<Map<string, Bundle>> => {
  await buildSite()
  const app = new App({ outdir })
  const showTimes = [{ at: '2020-01-01T20:00:00Z', shards: 64 }]
  const stack = addPlacar(app, { ...defaults, showTimes, timeSeries: true })
  app.synth()
  const bundles = new Map<string, Bundle>()
  for (const [id, { Properties }] of Object.entries(
    Template.fromStack(stack).findResources('AWS::Lambda::Function'),
  )) {
    const name = /(Aggregator|Archiver|Closer|Exporter|Reader|Scaler)/.exec(id)?.[1]
    if (name === undefined || Properties.Runtime !== 'nodejs24.x') continue
    const module = join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`, 'index.mjs')
    const environment = Properties.Environment.Variables
    bundles.set(name, { module, bytes: (await stat(module)).size, environment })
  }
  return bundles
}

const poll = {
  id: 'final',
  title: 'Final',
  options: [
    { id: 'ana', label: 'Ana' },
    { id: 'bia', label: 'Bia' },
  ],
}

/** A running instance, and bundles that are invoked beside it, with the variables that the template gives them. */
const openBeside = async (bundles: ReadonlyMap<string, Bundle>) => {
  const [port, awsPort] = [await freePort(), await freePort()]
  const folder = await temporaryFolder()
  const placar = await startRuntime({
    host: '127.0.0.1',
    port,
    awsPort,
    folder,
    shards: 2,
    windowSeconds: 5,
    shardLimits: false,
    site: new Map(),
  })
  onTestFinished(() => placar.close())
  const local: Record<string, string> = handlerEnvironment({
    awsEndpoint: placar.awsEndpoint,
    dynamoEndpoint: placar.awsEndpoint,
    windowSeconds: 5,
    shardLimits: false,
    folder,
  })
  const call = async <Answer>(name: string, event: object): Promise<Answer> => {
    const bundle = bundles.get(name)
    if (bundle === undefined) throw new Error(`no bundle ${name}`)
    const own = Object.entries(bundle.environment).map(([variable, value]) => {
      // What another resource is called is known on AWS alone; here it has the name that the laptop gives it.
      if (typeof value === 'string') return [variable, value]
      const here = local[variable]
      if (here === undefined) throw new Error(`${name} gets ${variable}, which the laptop does not know`)
      return [variable, here]
    })
    const pool = workerPool({
      size: 1,
      maxWaiting: 1,
      handlers: { [name]: pathToFileURL(bundle.module).href },
      environment: { ...local, ...Object.fromEntries(own), POWERTOOLS_LOG_LEVEL: 'SILENT' },
      log: () => {},
    })
    onTestFinished(() => pool.close())
    return invoke<Answer>(pool, { functionName: name, timeoutSeconds: 25 }, event)
  }
  return { placar, call }
}

describe('the bundles, as synthesized', () => {
  let outdir = ''
  let bundles: Map<string, Bundle> = new Map()
  afterAll(() => rm(outdir, { recursive: true, force: true }))
  beforeAll(async () => {
    outdir = await mkdtemp(join(tmpdir(), 'placar-bundles-'))
    bundles = await synthesizeBundles(outdir)
    for (const [name, { bytes }] of bundles) console.log(`${name}: ${(bytes / 1000).toFixed(0)} kB`)
  }, 120_000)

  it('are those of all handlers, and the aggregator stays under a megabyte', () => {
    expect([...bundles.keys()].sort()).toEqual([
      'Aggregator',
      'Archiver',
      'Closer',
      'Exporter',
      'Reader',
      'Scaler',
    ])
    expect(bundles.get('Aggregator')?.bytes).toBeLessThan(1_000_000)
  })

  it('answer their events beside the embedded endpoint', async () => {
    const { placar, call } = await openBeside(bundles)
    const { createdAt } = await pollStore(placar.dynamo, pipeline.tableName).createPoll(poll)
    const shardId = 'shardId-000000000009'
    const data = Buffer.from(writeEnvelope('final', createdAt, [{ option: 'ana' }])).toString('base64')
    const kinesis = {
      partitionKey: 'v-1',
      sequenceNumber: '49600000000000000000000000000000000000000000000000000001',
      data,
      approximateArrivalTimestamp: createdAt / 1000,
    }
    const window = { start: '2026-11-21T05:00:00Z', end: '2026-11-21T05:00:05Z' }
    const counted = await call('Aggregator', {
      Records: [{ eventID: `${shardId}:1`, kinesis }],
      window,
      state: {},
      shardId,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
    })
    expect(counted).toMatchObject({
      state: { ledger: { shardId, lifetime: { counted: 1, rejected: {} }, parts: 1 } },
      batchItemFailures: [],
    })

    const read = await call<{ statusCode: number; body: string }>('Reader', {
      rawPath: '/polls/final/scoreboard',
      rawQueryString: '',
    })
    expect(read.statusCode).toBe(200)
    expect(JSON.parse(read.body)).toMatchObject({ poll: { id: 'final' }, counted: 1 })

    expect(await call('Exporter', {})).toMatchObject({ lastLines: [] })
    expect(await call('Closer', { aheadMs: 0 })).toEqual({ final: [], closing: [], nextDueAt: null })
    expect(await call('Scaler', {})).toEqual({ from: 2, wanted: 4, to: 4 })

    const metadata = { shardId, subsequenceNumber: '', partitionKey: 'v-1', approximateArrivalTimestamp: 1 }
    const { records } = await call<{ records: { result: string; data: string }[] }>('Archiver', {
      records: [
        {
          recordId: 'r',
          approximateArrivalTimestamp: 2,
          data,
          kinesisRecordMetadata: { ...metadata, sequenceNumber: kinesis.sequenceNumber },
        },
      ],
    })
    expect(records.map(({ result }) => result)).toEqual(['Ok'])
    expect(JSON.parse(Buffer.from(records[0]?.data ?? '', 'base64').toString())).toMatchObject({
      kind: 'record',
      shardId,
    })
  })
})
