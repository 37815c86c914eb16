import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { frameArrival } from '../kinesis/log/frame.ts'
import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Shard } from '../kinesis/shard.ts'
import type { Stream } from '../kinesis/stream.ts'
import type { Log } from '../log-file.ts'
import { type Discarded, type FailureDestination, failureRecord } from './failure-record.ts'
import { invokeWithBatch, type Outcome, payloadOf } from './invoke-with-batch.ts'
import type { MappingSettings } from './mapping-settings.ts'
import { behindProcessed, type NextBatch, nextBatch } from './next-batch.ts'
import { afterFailure, dueBehind, type Failure, type TriedBatch } from './retry-policy.ts'
import { batchFields, finalFields, isOver, type OpenWindow, type WindowFields } from './tumbling-window.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Reads one shard for a function: one invocation at a time, records in order, and nothing behind a batch until it has
 * succeeded or is discarded. `tumbling-window.ts` has the rules of windows, `retry-policy.ts` and `function-answer.ts`
 * those of failures.
 */
export type ShardReader = {
  /** Everything before it is counted, or discarded. */
  position(): Position
  /** Invocations and reads that failed in a row. */
  failures(): number
  /** Whether it found records when it last looked. */
  foundRecords(): boolean
  /** Settles when it reads no further: `true` where it has read an ended shard to its end, `false` when stopped. */
  ended: Promise<boolean>
}

export type ShardReaderOptions = {
  stream: Stream
  pool: WorkerPool
  functionName: string
  /** The function's own time-out. */
  timeoutMs: number
  settings: MappingSettings
  /** Gets what is discarded; without it, the log has a line. */
  onFailure?: FailureDestination
  /** How long a shard is left alone when it had no records. */
  pollMs: number
  /** How long behind a batch, where no more was there to be read. */
  restMs: () => number
  /** How long after a window's end a silent shard's window is closed (AWS: up to two minutes). */
  idleCloseMs: number
  now: () => number
  /** How it waits, until it is stopped: in real time by default. */
  pause?: (pauseMs: number, stopping: AbortSignal) => Promise<void>
  log: Log
}

const pauseInTime = (pauseMs: number, stopping: AbortSignal): Promise<void> =>
  setTimeout(pauseMs, undefined, { signal: stopping }).catch(() => {}) // or stopped

/** How much of a log is read at a time; a record grows at least twofold in an event, mostly fivefold. */
const maxReadBytes = 1.5 * 1024 * 1024

const maxBackoffMs = 10_000

/**
 * @param start where to begin
 * @param counted told of each position up to which everything is counted or discarded
 * @param stopping ends it, behind the invocation that is running
 */
export const startShardReader = (
  options: ShardReaderOptions,
  shard: Shard,
  start: Position,
  counted: (position: Position) => void,
  stopping: AbortSignal,
): ShardReader => {
  const { stream, functionName, settings, onFailure, now, pause = pauseInTime } = options
  const { pollMs, restMs } = options
  const reportsItemFailures = settings.FunctionResponseTypes.includes('ReportBatchItemFailures')
  let position = start
  let open: OpenWindow | undefined
  /** Its final invoke has failed, and is repeated, even if another record of the window comes. */
  let isClosing = false
  /** What is to be delivered next, as it is, after a failure. */
  let again: TriedBatch[] = []
  let failures = 0
  let found = false
  let lastInvokedAt = now()
  let isRead = false

  const log: Log = (message, error) => {
    if (!stopping.aborted) options.log(message, error)
  }
  const called = { ...options, log, reportsItemFailures, keepsRecords: reportsItemFailures || !!onFailure }

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
      const { bytes, count, from } = await shard.log.read(position, settings.BatchSize, maxReadBytes)
      found = count > 0
      const ahead = count === 0 ? { nowMs: now(), hasEnded } : { arrivalMs: frameArrival(bytes, 0) }
      if (open !== undefined && (isClosing || isOver(open, ahead, options.idleCloseMs)))
        return await closeWindow(open)
      if (count === 0) return hasEnded ? await endShard() : pollMs

      const batch = nextBatch(bytes, from, {
        settings,
        state: open?.state ?? '',
        nowMs: now(),
        ...(again[0] && { due: again[0] }),
      })
      if (batch.isTooOld)
        return await discard('RecordAgeExceeded', batch, dueBehind(again, batch.count), open)
      // Behind: whatever cut the batch short, more was there to be read.
      const isBehind = batch.next.segment < end.segment || batch.next.offset < end.offset
      const isFull = isBehind || hasEnded || again.length > 0 || batch.count === settings.BatchSize
      if (!isFull && isGathering()) return pollMs
      return await deliver(batch, isBehind ? 0 : restMs())
    } catch (error) {
      return backOff(error)
    }
  }

  /** "The next batching window begins as soon as the previous function invocation completes." */
  const isGathering = (): boolean => {
    const sinceMs = now() - lastInvokedAt
    return sinceMs >= 0 && sinceMs < settings.MaximumBatchingWindowInSeconds * 1000
  }

  const deliver = async (batch: NextBatch, pauseMs: number): Promise<number> => {
    const outcome = await invoke(batch.bytes, fieldsOf(batch, open), batch.count)
    if (outcome === 'refused') return backOff()
    if (outcome === 'failed') return retry(batch, 'error', 0, open)
    // With reported records too: only the function knows what of the batch its state holds. AWS does not say which
    // state it keeps then.
    const after = batch.window && { window: batch.window, state: outcome.state }
    if (outcome.processed < batch.count) return retry(batch, 'reported', outcome.processed, after)
    return moveOn(batch.next, dueBehind(again, batch.count), after, pauseMs)
  }

  const retry = async (
    batch: NextBatch,
    failure: Failure,
    processed: number,
    after: OpenWindow | undefined,
  ): Promise<number> => {
    const verdict = afterFailure(batch.tried, failure, processed, settings)
    const rest = behindProcessed(batch, processed)
    const later = dueBehind(again, batch.count)
    if ('discarded' in verdict) {
      // Should the destination not take it, what is processed stays so, with its state; the rest is tried again as it is.
      position = rest.from
      again = [verdict.discarded, ...later]
      open = after
      if (processed > 0) counted(position)
      return discard('RetryAttemptsExhausted', { ...rest, tried: verdict.discarded }, later, after)
    }
    const due = [...verdict.again, ...later]
    // What got on, or was cut, is tried at once; what is tried as it was, after a while.
    if (processed > 0 || verdict.again.length > 1) return moveOn(rest.from, due, after, 0)
    again = due
    open = after
    return backOff()
  }

  /** Gives a batch up: its records are then missing in the window's state. */
  const discard = async (
    condition: Discarded['condition'],
    batch: NextBatch,
    later: TriedBatch[],
    after: OpenWindow | undefined,
  ): Promise<number> => {
    log(`${batch.count} records of ${shard.id} are discarded: ${condition}`)
    const requestId = randomUUID()
    const payload = payloadOf(shard, stream.arn, batch.bytes, fieldsOf(batch, after))
    const discarded = { functionName, requestId, condition, batch: batch.tried, nowMs: now(), payload }
    await onFailure?.(failureRecord(discarded))
    return moveOn(batch.next, later, after, 0)
  }

  /** The final invoke; its answer's state is dropped. */
  const closeWindow = async (closing: OpenWindow): Promise<number> => {
    const outcome = await invoke(Buffer.allocUnsafeSlow(0), finalFields(closing), 0)
    isClosing ||= outcome === 'failed'
    if (outcome === 'refused' || outcome === 'failed') return backOff()
    isClosing = false
    open = undefined
    failures = 0
    return 0
  }

  const endShard = async (): Promise<number> => {
    const pauseMs = open === undefined ? 0 : await closeWindow(open)
    isRead = open === undefined
    return pauseMs
  }

  const invoke = async (
    bytes: Buffer,
    tumbling: WindowFields | undefined,
    count: number,
  ): Promise<Outcome> => {
    const outcome = await invokeWithBatch(called, payloadOf(shard, stream.arn, bytes, tumbling), count)
    lastInvokedAt = now()
    return outcome
  }

  const moveOn = (
    to: Position,
    due: TriedBatch[],
    after: OpenWindow | undefined,
    pauseMs: number,
  ): number => {
    position = to
    again = due
    open = after
    failures = 0
    counted(to)
    return pauseMs
  }

  const backOff = (error?: unknown): number => {
    failures += 1
    const pauseMs = Math.min(maxBackoffMs, 100 * 2 ** Math.min(failures, 10))
    log(`${shard.id} is tried again in ${pauseMs} ms`, error)
    return pauseMs
  }

  return { position: () => position, failures: () => failures, foundRecords: () => found, ended: readShard() }
}

const fieldsOf = ({ window }: NextBatch, open: OpenWindow | undefined): WindowFields | undefined =>
  window && batchFields(open, window)
