import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Shard, Stream } from '../kinesis/stream.ts'
import type { Log } from '../log-file.ts'
import { type Batch, cutBatch, type Window } from './batch.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Lambda's event source mapping from a Kinesis stream to a function with tumbling windows
 * (Lambda developer guide, services-kinesis-windows). The rules, in the order of the code:
 *
 * - each shard is read on its own, one invocation at a time, records in order;
 * - a batch holds records of one window only, told by their arrival timestamps;
 * - the first invocation of a window gets an empty state, each further one what its predecessor returned;
 * - before the first record of another window, or when a window has ended and nothing more came, the function is
 *   invoked once more for the old window, with `isFinalInvokeForWindow`; ours carries no records;
 * - an answer without `state`, an error or a time-out is a failure: the same records again, without limit, with
 *   back-off; nothing behind them is read meanwhile;
 * - records and state share the invocation's payload of 6 MB.
 */
export type EventSourceMapping = {
  /** Age of the oldest record not yet counted in any shard, ms; 0 when all are. Lambda's iterator age. */
  iteratorAgeMs(): Promise<number>
  /** Whether it reads, and no shard has failed again and again. */
  running(): boolean
  /** Finishes what runs, stores the checkpoints and stops. */
  close(): Promise<void>
}

export type EventSourceMappingOptions = {
  stream: Stream
  pool: WorkerPool
  functionName: string
  timeoutMs: number
  windowMs: number
  batchSize: number
  /** How often a shard is asked for records when it had none (AWS: about once a second). */
  pollMs: number
  /** How long after a window's end a silent shard's window is closed (AWS: up to two minutes). */
  idleCloseMs: number
  now: () => number
  checkpoints: Checkpoints
  log: Log
}

/** Lambda's limit for a synchronous invocation's payload, records and state together. */
const maxPayloadBytes = 6 * 1024 * 1024

/** How much of a log is read at a time; a record grows at least twofold in an event, mostly fivefold. */
const maxReadBytes = 1.5 * 1024 * 1024

const maxBackoffMs = 10_000

/** Failures in a row after which a shard counts as stuck. */
const sickFailures = 5

/** How far one shard has been read: everything before `position` is counted. */
type Reader = {
  shard: Shard
  position: Position
  window: Window | undefined
  state: string
  /** Invocations that failed in a row. */
  failures: number
  /** Records in the batch that failed last: it is delivered again as it was, whatever has arrived since. */
  failed: number | undefined
}

export const startEventSourceMapping = (options: EventSourceMappingOptions): EventSourceMapping => {
  const { stream, pool, functionName, timeoutMs, windowMs, batchSize, now, checkpoints, log } = options
  const stopping = new AbortController()
  // A stream that was deleted and made again has the same shard ids.
  const keyOf = ({ id }: Shard): string => `${stream.name}/${stream.createdAt}/${id}`
  const readers = stream.shards.map((shard): Reader => {
    const position = checkpoints.position(keyOf(shard)) ?? shard.log.start()
    return { shard, position, window: undefined, state: '{}', failures: 0, failed: undefined }
  })

  const readShard = async (reader: Reader): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pauseMs = await readOnce(reader)
      if (pauseMs > 0) await pause(pauseMs, stopping.signal)
    }
  }

  /** One invocation, if there is cause for one. @returns how long to wait before the next */
  const readOnce = async (reader: Reader): Promise<number> => {
    try {
      const end = reader.shard.log.end()
      const { bytes, count, from } = await reader.shard.log.read(reader.position, batchSize, maxReadBytes)
      if (count === 0) {
        const over = reader.window !== undefined && now() >= reader.window.end + options.idleCloseMs
        return over ? await closeWindow(reader) : options.pollMs
      }
      const room = maxPayloadBytes - Buffer.byteLength(reader.state)
      const batch = cutBatch(bytes, {
        windowMs,
        maxRecords: reader.failed ?? batchSize,
        maxPayloadBytes: room,
      })
      if (reader.window !== undefined && reader.window.start !== batch.window.start)
        return await closeWindow(reader)
      const next = { segment: from.segment, offset: from.offset + batch.bytes.length }
      // Behind: whatever cut the batch short, more was there to be read.
      const isBehind = next.segment < end.segment || next.offset < end.offset
      return await countBatch(reader, batch, next, isBehind ? 0 : options.pollMs)
    } catch (error) {
      return backOff(reader, error)
    }
  }

  const countBatch = async (
    reader: Reader,
    batch: Batch,
    next: Position,
    pauseMs: number,
  ): Promise<number> => {
    const state = await invoke(reader, batch.window, batch.bytes, false)
    if (state === undefined) {
      reader.failed = batch.count
      return backOff(reader)
    }
    Object.assign(reader, { window: batch.window, state, position: next, failures: 0, failed: undefined })
    checkpoints.advance(keyOf(reader.shard), next)
    return pauseMs
  }

  /** The final invoke: the window's state is dropped with it. */
  const closeWindow = async (reader: Reader): Promise<number> => {
    if (reader.window === undefined) return 0
    const state = await invoke(reader, reader.window, Buffer.allocUnsafeSlow(0), true)
    if (state === undefined) return backOff(reader)
    Object.assign(reader, { window: undefined, state: '{}', failures: 0 })
    return 0
  }

  /** @returns the state that the function answered with, as JSON text; `undefined` when it failed */
  const invoke = async (
    reader: Reader,
    window: Window,
    bytes: Buffer,
    final: boolean,
  ): Promise<string | undefined> => {
    const payload = {
      kind: 'kinesis' as const,
      frames: bytes,
      sequencePrefix: reader.shard.prefix,
      shardId: reader.shard.id,
      streamArn: stream.arn,
      window,
      state: reader.state,
      isFinalInvokeForWindow: final,
      isWindowTerminatedEarly: false,
    }
    const result = await pool.invoke({ functionName, timeoutMs, payload }, [bytes.buffer as ArrayBuffer])
    if (!result.ok) {
      if (!stopping.signal.aborted) log(`${functionName} failed for ${reader.shard.id}`, result.error)
      return undefined
    }
    const answer: { state?: unknown } | null = JSON.parse(result.json)
    if (typeof answer?.state === 'object' && answer.state !== null) return JSON.stringify(answer.state)
    log(`${functionName} answered without a state for ${reader.shard.id}, which Lambda takes for a failure`)
    return undefined
  }

  const backOff = (reader: Reader, error?: unknown): number => {
    reader.failures += 1
    const pauseMs = Math.min(maxBackoffMs, 100 * 2 ** Math.min(reader.failures, 10))
    if (!stopping.signal.aborted) log(`${reader.shard.id} is tried again in ${pauseMs} ms`, error)
    return pauseMs
  }

  const loops = Promise.all(readers.map(readShard))

  return {
    running: () => !stopping.signal.aborted && readers.every(({ failures }) => failures < sickFailures),
    iteratorAgeMs: async () => {
      const ages = await Promise.all(
        readers.map(async ({ shard, position }) => {
          const oldest = await shard.log.arrivalAt(position)
          return oldest === undefined ? 0 : Math.max(0, now() - oldest)
        }),
      )
      return Math.max(0, ...ages)
    },
    close: async () => {
      stopping.abort()
      await loops
      await checkpoints.close()
    },
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resume) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resume()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
