import { frameArrival, frameEnd, frameSizes } from '../kinesis/log/frame.ts'

/** A tumbling window `[start, end)` in epoch ms. */
export type Window = { start: number; end: number }

/** The first records of some frames that go into one invocation: all of one window, within Lambda's limits. */
export type Batch = { window: Window; bytes: Buffer; count: number }

export type BatchLimits = {
  windowMs: number
  maxRecords: number
  /** What the records may take of the invocation's payload, in bytes. */
  maxPayloadBytes: number
}

/**
 * Windows are aligned to the epoch, and a record's arrival decides: one that arrives exactly at a window's end belongs
 * to the next window. (AWS shows aligned windows in all examples and states it nowhere.)
 */
export const windowOf = (arrival: number, windowMs: number): Window => {
  const start = Math.floor(arrival / windowMs) * windowMs
  return { start, end: start + windowMs }
}

/** What a record takes in the event beside key and data: field names, ARNs, ids. Measured at 546, rounded up. */
const recordOverheadBytes = 600

/** Cuts the first batch off some frames (at least one): up to a window's end, the batch size, or the payload limit. */
export const cutBatch = (bytes: Buffer, { windowMs, maxRecords, maxPayloadBytes }: BatchLimits): Batch => {
  const window = windowOf(frameArrival(bytes, 0), windowMs)
  let end = 0
  let count = 0
  let payload = 0
  while (end < bytes.length && count < maxRecords) {
    const arrival = frameArrival(bytes, end)
    if (arrival < window.start || arrival >= window.end) break
    const sizes = frameSizes(bytes, end)
    payload += recordOverheadBytes + sizes.key + Math.ceil(sizes.data / 3) * 4
    if (count > 0 && payload > maxPayloadBytes) break
    end = frameEnd(bytes, end)
    count += 1
  }
  return { window, bytes: bytes.subarray(0, end), count }
}
