import { expect } from 'vitest'
import type { TumblingWindowEvent } from '../../../../aggregators/kinesis-event.ts'
import type { FailureRecord } from '../../../../infra/local/lambda/failure-record.ts'
import type { MappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import type { MemoryShard, PutRecord } from './stream-in-memory.ts'

/**
 * What an event source mapping must do, judged from outside by the events that a function gets and what it answers. Written
 * anew from AWS's rules; shares no line with the mapping. One life of it: from a start to a crash or stop.
 */
export type MappingRules = {
  /** Checks an event before it is answered. */
  invoked(shard: MemoryShard, event: TumblingWindowEvent, now: number): void
  /** It was not invoked after all. */
  refused(shard: MemoryShard): void
  failed(shard: MemoryShard): void
  /** @param processed records of the batch, from the first; all where none is reported */
  succeeded(shard: MemoryShard, state: unknown, processed: number): void
  discarded(shard: MemoryShard, record: FailureRecord, now: number): void
  checkpointed(shard: MemoryShard, offset: number): void
  /** All is read and no window is open. */
  isDone(shard: MemoryShard): boolean
}

type Seen = {
  /** Records before it (an index) are processed or discarded. */
  position: number
  running: { event: TumblingWindowEvent; from: number } | undefined
  open: { start: number; state: unknown } | undefined
  /** The last final invoke has not succeeded. */
  closing: boolean
  /** Failures of invocations that a record was in, by its index. */
  failures: number[]
}

export type RuleSettings = Pick<
  MappingSettings,
  | 'BatchSize'
  | 'TumblingWindowInSeconds'
  | 'MaximumRetryAttempts'
  | 'MaximumRecordAgeInSeconds'
  | 'BisectBatchOnFunctionError'
> & { idleCloseMs: number }

const maxStateBytes = 1024 * 1024

/** @param positionOf where each shard is begun: the index of a record */
export const mappingRules = (
  shards: readonly MemoryShard[],
  settings: RuleSettings,
  positionOf: (shard: MemoryShard) => number,
): MappingRules => {
  const windowMs = settings.TumblingWindowInSeconds * 1000
  const seen = new Map<MemoryShard, Seen>()
  const of = (shard: MemoryShard): Seen => {
    const known = seen.get(shard) ?? {
      position: positionOf(shard),
      running: undefined,
      open: undefined,
      closing: false,
      failures: [],
    }
    seen.set(shard, known)
    return known
  }
  const startOf = ({ arrival }: PutRecord): number => Math.floor(arrival / windowMs) * windowMs
  const isTooLarge = (state: unknown): boolean => JSON.stringify(state).length > maxStateBytes
  const isDone = (shard: MemoryShard): boolean => {
    const { position, open } = of(shard)
    return position === shard.records.length && open === undefined
  }

  const expectFinal = (shard: MemoryShard, event: TumblingWindowEvent, now: number): void => {
    const { open, position, closing } = of(shard)
    expect(event.Records, 'a final invoke has no records').toEqual([])
    expect([open?.start, event.state], 'it has the window that is open, and its state').toEqual([
      Date.parse(event.window.start),
      open?.state,
    ])
    const next = shard.records[position]
    const isEarly = isTooLarge(open?.state)
    expect(event.isWindowTerminatedEarly, 'early only for a state over 1 MB').toBe(isEarly)
    // What came while it was being tried again changes nothing.
    if (isEarly || closing || open === undefined) return
    if (next !== undefined) expect(startOf(next), 'the next record is of another window').not.toBe(open.start)
    else if (shard.endedAt === undefined)
      expect(now, 'nothing came for a while').toBeGreaterThanOrEqual(
        open.start + windowMs + settings.idleCloseMs,
      )
  }

  const expectBatch = (shard: MemoryShard, event: TumblingWindowEvent): void => {
    const { position } = of(shard)
    const records = shard.records.slice(position, position + event.Records.length)
    expect(event.Records.length).toBeGreaterThan(0)
    expect(event.Records.length).toBeLessThanOrEqual(settings.BatchSize)
    expect(
      event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
      'records come in order, behind those that are processed',
    ).toEqual(records.map(({ data }) => data))
    if (windowMs === 0) expect(event).toEqual({ Records: event.Records })
    else expectWindow(event, records, of(shard))
  }

  const expectWindow = (
    event: TumblingWindowEvent,
    records: readonly PutRecord[],
    { open, closing }: Seen,
  ): void => {
    const start = Date.parse(event.window.start)
    expect(new Set(records.map(startOf)), 'a batch is of one window').toEqual(new Set([start]))
    expect(Date.parse(event.window.end) - start).toBe(windowMs)
    expect(event).toMatchObject({ isFinalInvokeForWindow: false, isWindowTerminatedEarly: false })
    expect(closing, 'nothing comes before a final invoke has succeeded').toBe(false)
    expect(isTooLarge(open?.state ?? {}), 'a state over 1 MB ends the window').toBe(false)
    expect(
      [start, event.state],
      'a new window has a fresh state; within one it is handed on, and it is closed before another',
    ).toEqual(open === undefined ? [start, {}] : [open.start, open.state])
  }

  const ended = (shard: MemoryShard): NonNullable<Seen['running']> => {
    const { running } = of(shard)
    if (running === undefined) throw new Error(`no invocation of ${shard.id} is running`)
    of(shard).running = undefined
    return running
  }

  return {
    isDone,
    invoked: (shard, event, now) => {
      const known = of(shard)
      expect(known.running, 'one invocation at a time').toBeUndefined()
      for (const parent of shards.filter(({ id }) => id === shard.parent || id === shard.adjacentParent))
        expect(isDone(parent), `${parent.id} is read before its child ${shard.id}`).toBe(true)
      if (event.isFinalInvokeForWindow) expectFinal(shard, event, now)
      else expectBatch(shard, event)
      known.running = { event, from: known.position }
    },
    refused: (shard) => {
      ended(shard)
    },
    failed: (shard) => {
      const running = ended(shard)
      const known = of(shard)
      if (running.event.isFinalInvokeForWindow) known.closing = true
      for (const at of running.event.Records.keys())
        known.failures[running.from + at] = (known.failures[running.from + at] ?? 0) + 1
    },
    succeeded: (shard, state, processed) => {
      const running = ended(shard)
      const known = of(shard)
      if (running.event.isFinalInvokeForWindow) {
        known.open = undefined
        known.closing = false
        return
      }
      for (let at = running.from + processed; at < running.from + running.event.Records.length; at += 1)
        known.failures[at] = (known.failures[at] ?? 0) + 1
      known.position += processed
      if (windowMs > 0) known.open = { start: Date.parse(running.event.window.start), state }
    },
    discarded: (shard, { requestContext, KinesisBatchInfo, payload }, now) => {
      const known = of(shard)
      const { batchSize } = KinesisBatchInfo
      const batch = shard.records.slice(known.position, known.position + batchSize)
      const event: TumblingWindowEvent = JSON.parse(payload)
      expect(
        event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
        'what is discarded is what comes next',
      ).toEqual(batch.map(({ data }) => data))
      if (requestContext.condition === 'RecordAgeExceeded') {
        const { MaximumRecordAgeInSeconds: age } = settings
        expect(age).toBeGreaterThanOrEqual(0)
        for (const { arrival } of batch) expect(now - arrival).toBeGreaterThan(age * 1000)
      } else {
        expect(settings.MaximumRetryAttempts).toBeGreaterThanOrEqual(0)
        expect(known.failures[known.position], 'it was tried as often as it is to be').toBeGreaterThan(
          settings.MaximumRetryAttempts,
        )
      }
      known.position += batchSize
    },
    checkpointed: (shard, offset) => {
      const { position } = of(shard)
      expect(offset, 'a checkpoint is never past a batch that is not processed').toBeLessThanOrEqual(
        shard.records[position - 1]?.end ?? 0,
      )
    },
  }
}
