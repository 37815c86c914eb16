import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { pollStore } from '../../../ingest/poll.store.ts'
import {
  type Counts,
  castVotes,
  type Design,
  type DesignRun,
  optionIds,
} from '../../../load/bench/designs.ts'
import { pipeline } from '../../config.ts'
import { openEndpoint } from '../../local/aws/endpoint.ts'
import { ensureCountTable } from '../../local/count-table.ts'
import { openDynamo } from '../../local/dynamodb/dynamo.ts'
import { dynamoService } from '../../local/dynamodb/dynamo-service.ts'
import { handlerEnvironment, localClient } from '../../local/handler-environment.ts'
import { openKinesis } from '../../local/kinesis/kinesis.ts'
import { openCheckpoints } from '../../local/lambda/checkpoints.ts'
import { type EventSourceMapping, startEventSourceMapping } from '../../local/lambda/event-source-mapping.ts'
import { mappingSettings } from '../../local/lambda/mapping-settings.ts'
import { workerPool } from '../../local/lambda/worker-pool.ts'
import { openLogFile } from '../../local/log-file.ts'
import { withClosing } from './closing.ts'
import { fillBacklog } from './designs-backlog.ts'
import { unreliablePool } from './designs-faults.ts'
import { designFunctions } from './designs-functions.ts'
import { countWrites } from './designs-writes.ts'

export type DesignSettings = {
  shards: number
  records: number
  batchSize: number
  /** Share of the invocations that a fault befalls. */
  faults: number
  seed: number
}

const poll = 'final'
const workers = 2
/** Lambda's longest: one write per vote takes some of it for a batch. */
const timeoutMs = 900_000
const pollMs = 20
const idleCloseMs = 1000
const lookEveryMs = 20
const tellEveryMs = 5000

/**
 * Counts a backlog by one design, on the parts that `npm start` is made of: Kinesis, event source mapping, handler workers
 * and DynamoDB, with nothing else beside them. Everything is kept under `folder`, which is new.
 *
 * @param told now and then: requests so far that wrote
 */
export const runDesign = (
  design: Design,
  { shards, records, batchSize, faults, seed }: DesignSettings,
  folder: string,
  signal: AbortSignal,
  told: (writes: number) => void,
): Promise<DesignRun> =>
  withClosing(async (later) => {
    await mkdir(folder, { recursive: true })
    const logFile = openLogFile(join(folder, 'placar.log'))
    later(() => logFile.close())
    const log = logFile.report
    const kinesis = await openKinesis({ folder: join(folder, 'kinesis'), limits: false, now: Date.now, log })
    later(() => kinesis.close())
    const stream = await kinesis.createStream(pipeline.streamName, shards)
    const dynamoServer = await openDynamo({ folder: join(folder, 'dynamodb'), log })
    later(() => dynamoServer.close())
    const table = countWrites(dynamoService(dynamoServer.endpoint))
    later(() => table.close())
    const endpoint = await openEndpoint({ port: 0, services: [table], log })
    later(() => endpoint.close())
    const dynamo = new DynamoDBClient(localClient(dynamoServer.endpoint))
    later(async () => dynamo.destroy())
    await ensureCountTable(dynamo, pipeline.tableName)
    const { module, windowSeconds, read } = designFunctions[design]
    const options = optionIds.map((id) => ({ id, label: id }))
    await pollStore(dynamo, pipeline.tableName).createPoll({ id: poll, title: 'Final', options })

    const cast = castVotes(records)
    await fillBacklog(stream, poll, cast)
    const checkpoints = await openCheckpoints({
      path: join(folder, 'checkpoints.json'),
      settle: async () => {},
      log,
    })
    later(() => checkpoints.close())
    const pool = workerPool({
      size: workers,
      maxWaiting: Number.POSITIVE_INFINITY,
      handlers: { [design]: module },
      environment: handlerEnvironment({
        awsEndpoint: endpoint.url,
        dynamoEndpoint: endpoint.url,
        windowSeconds,
        folder,
        shardLimits: false,
      }),
      log: logFile.write,
    })
    let mapping: EventSourceMapping | undefined
    // Both at once: a batch that is interrupted would take its time.
    later(() => Promise.all([mapping?.close(), pool.close(0)]))
    const unreliable = unreliablePool(pool, faults, seed)
    const startedAt = performance.now()
    mapping = startEventSourceMapping({
      stream,
      pool: unreliable,
      functionName: design,
      timeoutMs,
      settings: mappingSettings({ BatchSize: batchSize, TumblingWindowInSeconds: windowSeconds }),
      pollMs,
      restMs: () => pollMs,
      idleCloseMs,
      now: Date.now,
      checkpoints,
      log,
    })
    const { iteratorAgeMs } = mapping
    const progress = setInterval(() => told(table.writes()), tellEveryMs)
    later(async () => clearInterval(progress))
    await until(async () => (await iteratorAgeMs()) === 0, signal)
    const seconds = (performance.now() - startedAt) / 1000
    const shardIds = stream.shards.map(({ id }) => id)
    const counted = async (): Promise<Counts | undefined> => read(dynamo, pipeline.tableName, poll, shardIds)
    await until(async () => (await counted()) !== undefined, signal)
    const { count: invocations, faults: befell } = unreliable.seen
    return {
      design,
      cast,
      counted: (await counted()) ?? {},
      invocations,
      faults: befell,
      writes: table.writes(),
      seconds,
    }
  })

const until = async (isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> => {
  while (!(await isSo())) {
    signal.throwIfAborted()
    await sleep(lookEveryMs)
  }
}
