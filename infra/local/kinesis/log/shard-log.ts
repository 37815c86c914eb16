import { writeSync } from 'node:fs'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../../durable-file.ts'
import type { Log } from '../../log-file.ts'
import { frameArrival, frameCapacity, writeFrame } from './frame.ts'
import {
  listSegments,
  recoverSegment,
  type Segment,
  segmentPath,
  type Visit,
  walkSegment,
} from './segment.ts'
import { type Frames, normalize, type Position, readFrames, readSegment } from './segment-reader.ts'

/**
 * The append-only log of one shard. A record is staged by `append`, becomes durable with the next `commit`
 * (`write` + `fdatasync`), and can be read only from then on.
 */
export type ShardLog = {
  /** Stages a record and returns its ordinal. Throws `LogFullError` when more is staged than memory allows. */
  append(arrival: number, partitionKey: string, data: string | Uint8Array): number
  /**
   * Settles when what is staged now is durable; rejects when it cannot be. Nothing of it is then readable; only if the
   * process dies before the next commit or `close` can whole records of it be found by the next start.
   */
  staged(): Promise<void>
  commit(): Promise<void>
  /** Reads on from `position`: at least one frame if there is one, then as many as the limits allow. */
  read(position: Position, maxRecords: number, maxBytes: number): Promise<Frames>
  /** Arrival (epoch ms) of the record behind `position`; `undefined` where none is durable yet. */
  arrivalAt(position: Position): Promise<number | undefined>
  /** The place before the first durable record for which `found` is true, or behind the last one. */
  seek(found: Visit, fromOrdinal?: number): Promise<Position>
  start(): Position
  end(): Position
  /** Ordinal and arrival of the newest record, durable or staged. */
  newest(): { ordinal: number; arrival: number }
  /** Deletes whole segments of records that arrived before `arrival` (epoch ms). */
  trim(arrival: number): Promise<void>
  close(): Promise<void>
}

export type ShardLogOptions = {
  boot: number
  segmentBytes?: number
  /** Shared by the logs that write to one disk. */
  staging?: StagingBudget
  log?: Log
}

/** What may wait for the disk in memory, in bytes, over all logs that share it. */
export type StagingBudget = { left: number }

export const stagingBudget = (bytes = 64 * 1024 * 1024): StagingBudget => ({ left: bytes })

export class LogFullError extends Error {
  override name = 'LogFullError'
}

/** Staging buffers that grew beyond this in a burst are given back; a shard keeps two at most. */
const maxIdleBufferBytes = 256 * 1024

/** Enough for one vote; a larger record is read again as a whole. */
const probeBytes = 1024

type Batch = { buffer: Buffer; bytes: number; first: number; done: PromiseWithResolvers<void> }

/** Opens (or makes) the log in `folder` and drops a tail torn by a crash. Numbering goes on behind the last record. */
export const openShardLog = async (folder: string, options: ShardLogOptions): Promise<ShardLog> => {
  const { boot, segmentBytes = 16 * 1024 * 1024, staging = stagingBudget(), log = () => {} } = options
  const made = await mkdir(folder, { recursive: true })
  if (made !== undefined)
    for (let up = folder; up.length >= made.length; up = dirname(up)) await syncFolder(dirname(up))
  const segments = await listSegments(folder)
  let { ordinal, arrival } = await recoverTail(segments, log)
  let file: FileHandle | undefined
  let damaged = false
  let batch: Batch | undefined
  const idleBuffers: Buffer[] = []
  let committing: Promise<void> = Promise.resolve()

  const newBatch = (first: number): Batch => {
    const done = Promise.withResolvers<void>()
    done.promise.catch(() => {}) // a batch that nobody waits for may fail unseen; its records are then not in the log
    return { buffer: idleBuffers.pop() ?? Buffer.allocUnsafe(16 * 1024), bytes: 0, first, done }
  }

  const append: ShardLog['append'] = (at, partitionKey, data) => {
    const needed = frameCapacity(partitionKey, data)
    if (needed > staging.left) throw new LogFullError(`too much waits for the disk in ${folder} already`)
    batch ??= newBatch(ordinal + 1)
    if (batch.bytes + needed > batch.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(batch.buffer.length * 2, batch.bytes + needed))
      batch.buffer.copy(larger, 0, 0, batch.bytes)
      batch.buffer = larger
    }
    ordinal += 1
    arrival = Math.max(arrival, at)
    const end = writeFrame(batch.buffer, batch.bytes, boot, ordinal, arrival, partitionKey, data)
    staging.left -= end - batch.bytes
    batch.bytes = end
    return ordinal
  }

  /** The segment to write to: the last one, or a new one when that is full. */
  const active = async (first: number): Promise<Segment> => {
    const last = segments.at(-1)
    if (last && last.bytes < segmentBytes) {
      file ??= await open(last.path, 'r+')
      return last
    }
    await file?.close()
    const segment = { first, path: segmentPath(folder, first), bytes: 0 }
    file = await open(segment.path, 'w+')
    await syncFolder(folder)
    segments.push(segment)
    return segment
  }

  const write = async ({ buffer, bytes, first }: Batch): Promise<void> => {
    const segment = await active(first)
    if (file === undefined) throw new Error(`${segment.path} is not open`)
    if (damaged) await file.truncate(segment.bytes)
    damaged = true
    // Into the system's cache, some 10 µs, where a turn through the thread pool takes three times that; the disk is waited for
    // below. (A system that is short of clean memory makes the writer wait here; it would make the sync wait then.)
    for (let written = 0; written < bytes; )
      written += writeSync(file.fd, buffer, written, bytes - written, segment.bytes + written)
    await file.datasync()
    damaged = false
    segment.bytes += bytes
  }

  const commitBatch = async (): Promise<void> => {
    const current = batch
    if (current === undefined) return
    batch = undefined
    try {
      await write(current)
      current.done.resolve()
    } catch (cause) {
      // What was written of it lies behind the segment's known length: never read, and cut off by the next commit.
      current.done.reject(new Error(`the log in ${folder} cannot be written`, { cause }))
    }
    staging.left += current.bytes
    if (current.buffer.length <= maxIdleBufferBytes) idleBuffers.push(current.buffer)
  }

  const commit = (): Promise<void> => {
    committing = committing.then(commitBatch)
    return committing
  }

  const read: ShardLog['read'] = async (position, maxRecords, maxBytes) => {
    const at = normalize(segments, position)
    const segment = segments.find(({ first }) => first === at.segment)
    if (segment === undefined || at.offset >= segment.bytes)
      return { bytes: Buffer.alloc(0), count: 0, from: at, next: at }
    if (file !== undefined && segment === segments.at(-1)) {
      // The newest records, which is what readers mostly want, without opening the file once more. It may be closed
      // under the read when the next segment begins; then the read is made again as any other.
      const frames = await readFrames(file, segment, at, maxRecords, maxBytes).catch(() => undefined)
      if (frames !== undefined) return frames
    }
    try {
      return await readSegment(segment, at, maxRecords, maxBytes)
    } catch (error) {
      if (segments.includes(segment)) throw error
      return read(at, maxRecords, maxBytes) // retention removed it meanwhile: go on with the oldest one left
    }
  }

  const seek: ShardLog['seek'] = async (found, fromOrdinal = 0) => {
    const from = segments.findLastIndex(({ first }) => first <= fromOrdinal)
    for (const segment of segments.slice(Math.max(from, 0))) {
      const offset = await walkSegment(segment.path, segment.bytes, false, found)
      if (offset < segment.bytes) return { segment: segment.first, offset }
    }
    return end()
  }

  const end = (): Position => {
    const last = segments.at(-1)
    return last ? { segment: last.first, offset: last.bytes } : { segment: 0, offset: 0 }
  }

  const trim: ShardLog['trim'] = async (before) => {
    // A segment may go once the one behind it starts with a record that is itself too old.
    for (let next = segments[1]; segments.length > 1 && next; next = segments[1]) {
      const { bytes, count } = await readSegment(next, { segment: next.first, offset: 0 }, 1, 1)
      if (count === 0 || frameArrival(bytes, 0) >= before) return
      const [oldest] = segments.splice(0, 1)
      if (oldest) await rm(oldest.path, { force: true })
    }
  }

  return {
    append,
    staged: () => batch?.done.promise ?? Promise.resolve(),
    commit,
    read,
    arrivalAt: async (position) => {
      const { bytes, count } = await read(position, 1, probeBytes)
      return count === 0 ? undefined : frameArrival(bytes, 0)
    },
    seek,
    start: () => ({ segment: segments[0]?.first ?? 0, offset: 0 }),
    end,
    newest: () => ({ ordinal, arrival }),
    trim,
    close: async () => {
      await commit()
      if (damaged) await file?.truncate(segments.at(-1)?.bytes)
      await file?.close()
    },
  }
}

const recoverTail = async (segments: Segment[], log: Log): Promise<{ ordinal: number; arrival: number }> => {
  for (const segment of segments.toReversed()) {
    const { bytes, last } = await recoverSegment(segment)
    if (bytes < segment.bytes)
      log(`${segment.path} ends in ${segment.bytes - bytes} bytes of a torn record, cut off`)
    await settle(segment, bytes)
    if (last) return last
  }
  return { ordinal: 0, arrival: 0 }
}

/** Cuts off a torn tail, and makes durable what a killed process had written but not yet synced. */
const settle = async (segment: Segment, bytes: number): Promise<void> => {
  const file = await open(segment.path, 'r+')
  try {
    if (bytes < segment.bytes) await file.truncate(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
  segment.bytes = bytes
}
