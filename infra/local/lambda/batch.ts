import { frameArrival, frameEnd, frameSizes } from '../kinesis/log/frame.ts'
import { isWithin, type Window, windowOf } from './tumbling-window.ts'

/** The first records of some frames that go into one invocation: all of one window, within Lambda's limits. */
export type Batch = { window: Window | undefined; bytes: Buffer; count: number }

export type BatchLimits = {
  /** 0: without windows. */
  windowMs: number
  maxRecords: number
  /** What the records may take of the invocation's payload, in bytes. */
  maxPayloadBytes: number
}

/** What a record takes in the event beside key and data: field names, ARNs, ids. Measured at 546, rounded up. */
const recordOverheadBytes = 600

/** Cuts the first batch off some frames (at least one): up to a window's end, the batch size, or the payload limit. */
export const cutBatch = (bytes: Buffer, { windowMs, maxRecords, maxPayloadBytes }: BatchLimits): Batch => {
  const window = windowMs > 0 ? windowOf(frameArrival(bytes, 0), windowMs) : undefined
  let end = 0
  let count = 0
  let payload = 0
  while (end < bytes.length && count < maxRecords) {
    if (window !== undefined && !isWithin(window, frameArrival(bytes, end))) break
    const sizes = frameSizes(bytes, end)
    payload += recordOverheadBytes + sizes.key + Math.ceil(sizes.data / 3) * 4
    if (count > 0 && payload > maxPayloadBytes) break
    end = frameEnd(bytes, end)
    count += 1
  }
  return { window, bytes: bytes.subarray(0, end), count }
}

/** How many of the frames, from the first, are of records that arrived before `horizonMs` (epoch). */
export const countOlder = (bytes: Buffer, horizonMs: number): number => {
  let count = 0
  for (let at = 0; at < bytes.length && frameArrival(bytes, at) < horizonMs; at = frameEnd(bytes, at))
    count += 1
  return count
}

/** The offset behind the first `count` frames. */
export const offsetBehind = (bytes: Buffer, count: number): number => {
  let offset = 0
  for (let at = 0; at < count; at += 1) offset = frameEnd(bytes, offset)
  return offset
}
