import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Shard } from '../kinesis/shard.ts'
import type { Stream } from '../kinesis/stream.ts'
import type { Log } from '../log-file.ts'
import { type Batch, cutBatch, type Window } from './batch.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Reads one shard for a function with tumbling windows (Lambda developer guide, services-kinesis-windows).
 * The rules, in the order of the code:
 *
 * - one invocation at a time, records in order;
 * - a batch holds records of one window only, told by their arrival timestamps;
 * - the first invocation of a window gets an empty state, each further one what its predecessor returned;
 * - before the first record of another window, when a window has ended and nothing more came, or when the shard has
 *   ended and is read, the function is invoked once more for the old window, with `isFinalInvokeForWindow`; ours
 *   carries no records;
 * - an answer without `state`, an error or a time-out is a failure: the same records again, without limit, with
 *   back-off; nothing behind them is read meanwhile;
 * - records and state share the invocation's payload of 6 MB.
 */
export type ShardReader = {
  /** Everything before it is counted. */
  position(): Position
  /** Invocations and reads that failed in a row. */
  failures(): number
  /** Settles when it reads no further: `true` where it has read an ended shard to its end, `false` when stopped. */
  ended: Promise<boolean>
}

export type ShardReaderOptions = {
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
  log: Log
}

/** Lambda's limit for a synchronous invocation's payload, records and state together. */
const maxPayloadBytes = 6 * 1024 * 1024

/** How much of a log is read at a time; a record grows at least twofold in an event, mostly fivefold. */
const maxReadBytes = 1.5 * 1024 * 1024

const maxBackoffMs = 10_000

/**
 * @param start where to begin
 * @param counted told of each position up to which everything is counted
 * @param stopping ends it, behind the invocation that is running
 */
export const startShardReader = (
  options: ShardReaderOptions,
  shard: Shard,
  start: Position,
  counted: (position: Position) => void,
  stopping: AbortSignal,
): ShardReader => {
  const { stream, pool, functionName, timeoutMs, windowMs, batchSize, now, log } = options
  let position = start
  let window: Window | undefined
  let state = '{}'
  let failures = 0
  /** Records in the batch that failed last: it is delivered again as it was, whatever has arrived since. */
  let failed: number | undefined
  let isRead = false

  const readShard = async (): Promise<boolean> => {
    while (!stopping.aborted && !isRead) {
      const pauseMs = await readOnce()
      if (pauseMs > 0) await pause(pauseMs, stopping)
    }
    return isRead
  }

  /** One invocation, if there is cause for one. @returns how long to wait before the next, ms */
  const readOnce = async (): Promise<number> => {
    try {
      // Its records have all expired, and its log is gone.
      if (!stream.shards.includes(shard)) return await endShard()
      // Asked before the read: an ended shard has all its records in the log.
      const hasEnded = shard.endedAt !== undefined
      const end = shard.log.end()
      const { bytes, count, from } = await shard.log.read(position, batchSize, maxReadBytes)
      if (count === 0) {
        if (hasEnded) return await endShard()
        const isOver = window !== undefined && now() >= window.end + options.idleCloseMs
        return isOver ? await closeWindow() : options.pollMs
      }
      const batch = cutBatch(bytes, {
        windowMs,
        maxRecords: failed ?? batchSize,
        maxPayloadBytes: maxPayloadBytes - Buffer.byteLength(state),
      })
      if (window !== undefined && window.start !== batch.window.start) return await closeWindow()
      const next = { segment: from.segment, offset: from.offset + batch.bytes.length }
      // Behind: whatever cut the batch short, more was there to be read.
      const isBehind = next.segment < end.segment || next.offset < end.offset
      return await countBatch(batch, next, isBehind ? 0 : options.pollMs)
    } catch (error) {
      return backOff(error)
    }
  }

  const countBatch = async (batch: Batch, next: Position, pauseMs: number): Promise<number> => {
    const answered = await invoke(batch.window, batch.bytes, false)
    if (answered === undefined) {
      failed = batch.count
      return backOff()
    }
    window = batch.window
    state = answered
    position = next
    failures = 0
    failed = undefined
    counted(next)
    return pauseMs
  }

  /** The final invoke: the window's state is dropped with it. */
  const closeWindow = async (): Promise<number> => {
    if (window === undefined) return 0
    if ((await invoke(window, Buffer.allocUnsafeSlow(0), true)) === undefined) return backOff()
    window = undefined
    state = '{}'
    failures = 0
    return 0
  }

  const endShard = async (): Promise<number> => {
    const pauseMs = await closeWindow()
    isRead = window === undefined
    return pauseMs
  }

  /** @returns the state that the function answered with, as JSON text; `undefined` when it failed */
  const invoke = async (of: Window, bytes: Buffer, final: boolean): Promise<string | undefined> => {
    const payload = {
      kind: 'kinesis' as const,
      frames: bytes,
      sequencePrefix: shard.prefix,
      shardId: shard.id,
      streamArn: stream.arn,
      window: of,
      state,
      isFinalInvokeForWindow: final,
      isWindowTerminatedEarly: false,
    }
    const result = await pool.invoke({ functionName, timeoutMs, payload }, [bytes.buffer as ArrayBuffer])
    if (!result.ok) {
      if (!stopping.aborted) log(`${functionName} failed for ${shard.id}`, result.error)
      return undefined
    }
    const answer: { state?: unknown } | null = JSON.parse(result.json)
    if (typeof answer?.state === 'object' && answer.state !== null) return JSON.stringify(answer.state)
    log(`${functionName} answered without a state for ${shard.id}, which Lambda takes for a failure`)
    return undefined
  }

  const backOff = (error?: unknown): number => {
    failures += 1
    const pauseMs = Math.min(maxBackoffMs, 100 * 2 ** Math.min(failures, 10))
    if (!stopping.aborted) log(`${shard.id} is tried again in ${pauseMs} ms`, error)
    return pauseMs
  }

  return { position: () => position, failures: () => failures, ended: readShard() }
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
