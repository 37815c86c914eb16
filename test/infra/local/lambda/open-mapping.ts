import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { TumblingWindowEvent } from '../../../../aggregators/kinesis-event.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openCheckpoints } from '../../../../infra/local/lambda/checkpoints.ts'
import {
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from '../../../../infra/local/lambda/event-source-mapping.ts'
import type { KinesisPayload } from '../../../../infra/local/lambda/invocation.ts'
import { kinesisEvent } from '../../../../infra/local/lambda/kinesis-event.ts'
import { type MappingSettings, mappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import type { WorkerPool } from '../../../../infra/local/lambda/worker-pool.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What the pool answers instead of invoking the function. */
export const refused = Symbol('refused')

export type Answer = (event: TumblingWindowEvent, call: number) => unknown

/** A handler in this thread instead of a worker: it gets the event as a worker would make it. */
const poolOf = (answer: Answer): { pool: WorkerPool; events: TumblingWindowEvent[] } => {
  const events: TumblingWindowEvent[] = []
  const pool: WorkerPool = {
    invoke: async ({ payload }) => {
      const event = kinesisEvent(payload as KinesisPayload) as TumblingWindowEvent
      events.push(event)
      try {
        const answered = await answer(event, events.length)
        if (answered === refused) return { ok: false, error: 'too many wait', refused: true }
        return { ok: true, json: JSON.stringify(answered) ?? 'null' }
      } catch (error) {
        return { ok: false, error: String(error) }
      }
    },
    close: async () => {},
  }
  return { pool, events }
}

/** A handler whose state is the number of records of the window so far. */
export const count: Answer = ({ state, Records }) => ({
  state: { n: ((state?.n as number | undefined) ?? 0) + Records.length },
  batchItemFailures: [],
})

export const dataOf = ({ Records }: TumblingWindowEvent): string[] =>
  Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())

/** A mapping with windows of five seconds on a stream of one shard, and a clock that is moved by hand. */
export const openMapping = async (
  answer: Answer,
  settings: Partial<MappingSettings> = {},
  changes: Partial<EventSourceMappingOptions> = {},
  clock = { now: 1_000_000, looks: 0 },
) => {
  const folder = await temporaryFolder()
  const path = join(folder, 'checkpoints.json')
  const { pool, events } = poolOf(answer)
  const lines: string[] = []
  const log = (message: string) => lines.push(message)

  const start = async () => {
    const kinesis = await openKinesis({
      folder: join(folder, 'kinesis'),
      limits: false,
      now: () => clock.now,
    })
    const stream = kinesis.stream('votes') ?? (await kinesis.createStream('votes', 1))
    const mapping = startEventSourceMapping({
      stream,
      pool,
      functionName: 'aggregate',
      timeoutMs: 1000,
      settings: mappingSettings({ TumblingWindowInSeconds: 5, ...settings }),
      pollMs: 5,
      restMs: () => 5,
      idleCloseMs: 1000,
      now: () => {
        clock.looks += 1
        return clock.now
      },
      checkpoints: await openCheckpoints({ path, settle: async () => {}, log }),
      log,
      ...changes,
    })
    return { kinesis, stream, mapping }
  }
  let running = await start()
  const stop = async (): Promise<void> => {
    await running.mapping.close()
    await running.kinesis.close()
  }
  onTestFinished(stop)

  const put = async (data: string, explicitHashKey?: string): Promise<void> => {
    const put = running.stream.put(`v-${data}`, data, explicitHashKey)
    if ('durable' in put) await put.durable
  }
  /** Stops the mapping and the stream, and opens both again. */
  const restart = async (): Promise<void> => {
    await stop()
    running = await start()
  }

  return {
    events,
    clock,
    lines,
    stream: () => running.stream,
    kinesis: () => running.kinesis,
    mapping: () => running.mapping,
    age: () => running.mapping.iteratorAgeMs(),
    restart,
    put,
    /** Puts records that are then read at once. The mapping starts afresh, with no window open. */
    putTogether: async (...data: string[]): Promise<void> => {
      await running.mapping.close()
      for (const each of data) await put(each)
      await restart()
    },
    /** The shards that checkpoints are kept of, as stored when the mapping was last closed. */
    storedShards: async (): Promise<string[]> =>
      Object.keys(JSON.parse(await readFile(path, 'utf8'))).map((key) =>
        key.slice(-'shardId-000000000000'.length),
      ),
  }
}
