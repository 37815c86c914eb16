import type { Server } from 'node:http'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { HttpAnswer } from '../../dashboard/answer.ts'
import { pipeline } from '../config.ts'
import { openEndpoint } from './aws/endpoint.ts'
import { kinesisMetrics } from './cloudwatch/kinesis-metrics.ts'
import { lambdaMetrics } from './cloudwatch/lambda-metrics.ts'
import { cloudWatchService } from './cloudwatch/service.ts'
import { ensureCountTable } from './count-table.ts'
import { syncFiles } from './durable-file.ts'
import { openDynamo } from './dynamodb/dynamo.ts'
import { dynamoService } from './dynamodb/dynamo-service.ts'
import { firehoseService } from './firehose/actions/firehose-service.ts'
import { ensureDeliveryStream } from './firehose/ensure-delivery-stream.ts'
import { type Firehose, openFirehose } from './firehose/firehose.ts'
import { createGateway } from './gateway/gateway.ts'
import type { Site } from './gateway/site.ts'
import { handlerEnvironment, localClient } from './handler-environment.ts'
import { kinesisService } from './kinesis/actions/kinesis-service.ts'
import { type Kinesis, openKinesis } from './kinesis/kinesis.ts'
import type { Stream } from './kinesis/stream.ts'
import { openCheckpoints } from './lambda/checkpoints.ts'
import { startEventSourceMapping } from './lambda/event-source-mapping.ts'
import { invoke } from './lambda/invoke.ts'
import { mappingSettings } from './lambda/mapping-settings.ts'
import { pollMs, restMs } from './lambda/pace.ts'
import { type WorkerPool, workerPool } from './lambda/worker-pool.ts'
import { openLogFile } from './log-file.ts'
import { urlOf } from './port.ts'
import { startSchedules } from './schedules.ts'
import { timestreamService } from './timestream/actions/timestream-service.ts'
import { openTimestream } from './timestream/timestream.ts'
import { keptWindowSeconds } from './window-length.ts'

export type RuntimeOptions = {
  host: string
  port: number
  awsPort: number
  /** An open data folder's path. */
  folder: string
  /** Shards of a stream that does not exist yet. */
  shards: number
  /** Length of the windows of a folder that has none yet. */
  windowSeconds: number
  /** AWS's write limits per shard. */
  shardLimits: boolean
  /** Files of the dashboard; may be filled later. */
  site: Site
  /** Laid over the handlers' environment, e.g. `AWS_ENDPOINT_URL_FIREHOSE` to send exports elsewhere. */
  handlerVariables?: Readonly<Record<string, string>>
}

/** The whole pipeline on one machine: the local composition root. */
export type Runtime = {
  url: string
  awsEndpoint: string
  /** Open shards of the stream that is there, whatever was asked for. */
  shards: number
  /** Length of the folder's windows, whatever was asked for. */
  windowSeconds: number
  /** A client of the count store, for what runs in this process. */
  dynamo: DynamoDBClient
  /** Answers what was taken, counts no further, syncs and closes everything. */
  close(): Promise<void>
}

/** One invocation at a time each; two serve 32 shards with a core to spare. Reads have a worker of their own. */
const aggregatorWorkers = 2

/** A schedule has one run at a time. */
const maxWaitingScheduled = 1

/** Modules of the functions, as on AWS. */
const handlers = {
  aggregate: import.meta.resolve('../../aggregators/aggregate.lambda.ts'),
  archive: import.meta.resolve('../../aggregators/archive.lambda.ts'),
  close: import.meta.resolve('../../aggregators/close.lambda.ts'),
  export: import.meta.resolve('../../aggregators/export.lambda.ts'),
  scoreboard: import.meta.resolve('../../dashboard/scoreboard.lambda.ts'),
}

/** Reads that may wait for it: distinct URLs, since the edge cache asks once for each. */
const maxWaitingReads = 100

/** A silent shard's window is closed this long after its end; AWS may take two minutes. */
const idleCloseMs = 1000

/** How long requests that are being answered may take when Placar stops. */
const drainMs = 5000

export const startRuntime = async (options: RuntimeOptions): Promise<Runtime> => {
  const { host, port, awsPort, folder, site } = options
  const now = Date.now
  const logFile = openLogFile(join(folder, 'placar.log'))
  const log = logFile.report
  const closing: (() => Promise<unknown>)[] = [() => logFile.close()]
  let open = true
  const close = async (): Promise<void> => {
    open = false
    const failures: unknown[] = []
    for (const part of closing.splice(0).toReversed())
      await Promise.resolve(part()).catch((error) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed cleanly.')
  }

  try {
    const windowSeconds = await keptWindowSeconds(folder, options.windowSeconds)
    const kinesis = await openKinesis({
      folder: join(folder, 'kinesis'),
      limits: options.shardLimits,
      now,
      log,
    })
    closing.push(() => kinesis.close())
    const stream = await ensureStream(kinesis, options.shards)
    const tables = join(folder, 'dynamodb')
    const dynamoServer = await openDynamo({ folder: tables, log })
    closing.push(() => dynamoServer.close())
    const dynamo = new DynamoDBClient(localClient(dynamoServer.endpoint))
    closing.push(async () => dynamo.destroy())
    await ensureCountTable(dynamo, pipeline.tableName)

    const awsEndpoint = `http://127.0.0.1:${awsPort}`
    const handlersLog = openLogFile(join(folder, 'handlers.log'))
    closing.push(() => handlersLog.close())
    const environment = {
      ...handlerEnvironment({
        awsEndpoint,
        dynamoEndpoint: dynamoServer.endpoint,
        windowSeconds,
        shardLimits: options.shardLimits,
        folder,
      }),
      ...options.handlerVariables,
    }
    const pool = (size: number, maxWaiting: number, handlers: Record<string, string>): WorkerPool =>
      workerPool({ size, maxWaiting, handlers, environment, log: handlersLog.write })

    const firehose = await openFirehose({
      folder: join(folder, 'firehose'),
      bucketsFolder: join(folder, 's3'),
      kinesis,
      handlers: { [pipeline.archiver.functionName]: handlers.archive },
      environment,
      timeoutMs: pipeline.archiver.timeoutSeconds * 1000,
      now,
      log,
      handlerLog: handlersLog.write,
    })
    closing.push(() => firehose.close())
    await ensureAudit(firehose)
    const timestream = await openTimestream({ folder: join(folder, 'timestream'), now })
    closing.push(async () => timestream.close())
    timestream.ensureTable(pipeline.timeSeries.database, pipeline.timeSeries.table)

    const aggregators = pool(aggregatorWorkers, Number.POSITIVE_INFINITY, {
      [pipeline.aggregator.functionName]: handlers.aggregate,
    })
    closing.push(() => aggregators.close())
    const readers = pool(1, maxWaitingReads, { [pipeline.scoreboard.functionName]: handlers.scoreboard })
    closing.push(() => readers.close())

    const checkpoints = await openCheckpoints({
      path: join(folder, 'checkpoints.json'),
      settle: () => syncFiles(tables),
      log,
    })
    const mapping = startEventSourceMapping({
      stream,
      pool: aggregators,
      functionName: pipeline.aggregator.functionName,
      timeoutMs: pipeline.aggregator.timeoutSeconds * 1000,
      settings: mappingSettings({
        BatchSize: pipeline.aggregator.batchSize,
        TumblingWindowInSeconds: windowSeconds,
      }),
      pollMs,
      restMs,
      idleCloseMs,
      now,
      checkpoints,
      log,
    })
    closing.push(() => mapping.close())

    const metrics = [
      lambdaMetrics(pipeline.aggregator.functionName, mapping.iteratorAgeMs),
      kinesisMetrics({
        stream: kinesis.stream,
        isRead: (other) => other === stream,
        iteratorAgeMs: mapping.iteratorAgeMs,
      }),
    ]
    const dynamoRequests = dynamoService(dynamoServer.endpoint)
    const endpoint = await openEndpoint({
      port: awsPort,
      services: [
        kinesisService({ engine: kinesis, now, log }),
        dynamoRequests,
        cloudWatchService({ sources: metrics, now }),
        firehoseService({ engine: firehose, log }),
        timestreamService(timestream),
      ],
      log,
    })
    closing.push(
      () => dynamoRequests.close(),
      () => endpoint.close(),
    )

    const schedules = startSchedules(
      {
        close: pool(1, maxWaitingScheduled, { [pipeline.closer.functionName]: handlers.close }),
        export: pool(1, maxWaitingScheduled, { [pipeline.exporter.functionName]: handlers.export }),
      },
      now,
      log,
    )
    closing.push(() => schedules.close())

    const gateway = createGateway({
      stream,
      origin: (path, query) => readModel(readers, path, query),
      site,
      healthy: () => open && mapping.running() && dynamoServer.running(),
      now,
      log,
    })
    await listen(gateway.server, port, host)
    closing.push(() => gateway.close(drainMs))

    return {
      url: urlOf(host, port),
      awsEndpoint,
      shards: stream.shards.filter(({ endedAt }) => endedAt === undefined).length,
      windowSeconds,
      dynamo,
      close,
    }
  } catch (error) {
    await close().catch(() => {}) // what stopped the start is the story to tell
    throw error
  }
}

/** The stream of the folder, or a new one. The flag shapes a new one only. */
const ensureStream = async (kinesis: Kinesis, shards: number): Promise<Stream> =>
  kinesis.stream(pipeline.streamName) ?? (await kinesis.createStream(pipeline.streamName, shards))

/** The archive: what is exported, and the votes as they arrived. */
const ensureAudit = async (firehose: Firehose): Promise<void> => {
  const { bucket, votes, windows } = pipeline.audit
  await ensureDeliveryStream(firehose, { name: windows.deliveryStream, bucket, prefix: windows.prefix })
  await ensureDeliveryStream(firehose, {
    name: votes.deliveryStream,
    bucket,
    prefix: votes.prefix,
    sourceStream: pipeline.streamName,
    transformer: pipeline.archiver.functionName,
  })
}

/** Asks the scoreboard handler, as its function URL would. Rejects when it fails. */
const readModel = (pool: WorkerPool, rawPath: string, rawQueryString: string): Promise<HttpAnswer> =>
  invoke(pool, pipeline.scoreboard, { version: '2.0', rawPath, rawQueryString, headers: {} })

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
