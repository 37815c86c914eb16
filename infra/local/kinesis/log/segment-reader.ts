import { type FileHandle, open } from 'node:fs/promises'
import { frameEnd, frameHeaderBytes } from './frame.ts'
import type { Segment } from './segment.ts'

/** A place between two records of a shard's log. */
export type Position = { segment: number; offset: number }

/** Whole frames read from a log, in memory of their own (a worker can be given it). */
export type Frames = { bytes: Buffer; count: number; from: Position; next: Position }

/** A position in a segment that retention removed means the oldest record left; the end of a full one, the next one. */
export const normalize = (segments: readonly Segment[], position: Position): Position => {
  let at = position
  for (const [index, segment] of segments.entries()) {
    if (segment.first < at.segment) continue
    if (segment.first > at.segment) at = { segment: segment.first, offset: 0 }
    const isRead = at.offset >= segment.bytes && index < segments.length - 1
    if (!isRead) return at
    at = { segment: segment.first + 1, offset: 0 }
  }
  return at
}

/** Reads frames of a segment, opening its file for it. Rejects when the file is gone. */
export const readSegment = async (...[segment, at, maxRecords, maxBytes]: ReadArguments): Promise<Frames> => {
  const file = await open(segment.path, 'r')
  try {
    return await readFrames(file, segment, at, maxRecords, maxBytes)
  } finally {
    await file.close()
  }
}

type ReadArguments = [segment: Segment, at: Position, maxRecords: number, maxBytes: number]

/** Reads whole frames from an open segment: at least one, then as many as the limits allow. */
export const readFrames = async (
  file: FileHandle,
  ...[segment, at, maxRecords, maxBytes]: ReadArguments
): Promise<Frames> => {
  let buffer = Buffer.allocUnsafeSlow(Math.min(maxBytes, segment.bytes - at.offset))
  await fill(file, buffer, at.offset)
  if (frameEnd(buffer, 0) < 0) {
    const header = Buffer.allocUnsafe(frameHeaderBytes)
    await fill(file, header, at.offset)
    buffer = Buffer.allocUnsafeSlow(frameHeaderBytes + header.readUInt32LE(0))
    await fill(file, buffer, at.offset)
  }
  let used = 0
  let count = 0
  for (let next = frameEnd(buffer, 0); next > 0 && count < maxRecords; next = frameEnd(buffer, used)) {
    used = next
    count += 1
  }
  const next = { segment: at.segment, offset: at.offset + used }
  return { bytes: buffer.subarray(0, used), count, from: at, next }
}

const fill = async (file: FileHandle, buffer: Buffer, position: number): Promise<void> => {
  for (let filled = 0; filled < buffer.length; ) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) throw new Error(`the log ends before its known length at byte ${position + filled}`)
    filled += bytesRead
  }
}
