import type { Position } from '../kinesis/log/segment-reader.ts'
import { type Batch, countOlder, cutBatch, offsetBehind } from './batch.ts'
import { maxPayloadBytes } from './invoke-with-batch.ts'
import type { MappingSettings } from './mapping-settings.ts'
import { type TriedBatch, untried } from './retry-policy.ts'

/** A batch cut off a log: where its records begin, the place behind them, and what became of them so far. */
export type NextBatch = Batch & { from: Position; next: Position; tried: TriedBatch; isTooOld: boolean }

/**
 * The first batch of some frames: of one window, within the limits, as it is due after a failure. Where its first
 * records are older than `MaximumRecordAgeInSeconds`, it is those: they are discarded, tried or not.
 *
 * @param due what is to be delivered first, after a failure
 * @param state the open window's, as JSON text: it takes its part of the payload
 */
export const nextBatch = (
  bytes: Buffer,
  from: Position,
  {
    settings,
    due,
    state,
    nowMs,
  }: { settings: MappingSettings; due?: TriedBatch; state: string; nowMs: number },
): NextBatch => {
  const age = settings.MaximumRecordAgeInSeconds
  const old = age < 0 ? 0 : countOlder(bytes, nowMs - age * 1000)
  const maxRecords = due?.count ?? settings.BatchSize
  const batch = cutBatch(bytes, {
    windowMs: settings.TumblingWindowInSeconds * 1000,
    maxRecords: old > 0 ? Math.min(old, maxRecords) : maxRecords,
    maxPayloadBytes: maxPayloadBytes - Buffer.byteLength(state),
  })
  const { count } = batch
  const next = { segment: from.segment, offset: from.offset + batch.bytes.length }
  return { ...batch, from, next, tried: { ...(due ?? untried(count)), count }, isTooOld: old > 0 }
}

/** What is left of a batch behind its processed records; the batch itself where there are none. */
export const behindProcessed = (batch: NextBatch, processed: number): NextBatch => {
  // Also because the worker may have taken the memory over.
  if (processed === 0) return batch
  const offset = offsetBehind(batch.bytes, processed)
  const from = { segment: batch.from.segment, offset: batch.from.offset + offset }
  return { ...batch, bytes: batch.bytes.subarray(offset), count: batch.count - processed, from }
}
