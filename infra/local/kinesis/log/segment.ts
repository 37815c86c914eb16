import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { frameBoot, frameEnd, frameHeaderBytes, frameOrdinal, isSound } from './frame.ts'

/**
 * A shard's log is a row of segment files, each named after the ordinal its first record has at least. Only the last
 * one is written to; whole old ones go when their records have outlived the retention period.
 */
export type Segment = { first: number; path: string; bytes: number }

/** How much of a segment is read at a time while it is checked or searched. */
const chunkBytes = 1024 * 1024

export const segmentPath = (folder: string, first: number): string =>
  join(folder, `${String(first).padStart(15, '0')}.log`)

/** The segments of a shard's folder, oldest first; the sizes are those on disk. */
export const listSegments = async (folder: string): Promise<Segment[]> => {
  const names = (await readdir(folder)).filter((name) => /^\d{15}\.log$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const file = await open(path, 'r')
      try {
        return { first: Number(name.slice(0, 15)), path, bytes: (await file.stat()).size }
      } finally {
        await file.close()
      }
    }),
  )
}

/** Called with a chunk and the offset of a whole frame in it; `true` stops the walk at that frame. */
export type Visit = (chunk: Buffer, offset: number) => boolean

/**
 * Walks a segment's frames up to `limit` bytes, with bounded memory.
 *
 * @param verify stop also at the first frame that is torn or damaged
 * @returns where the walk ended: the offset of the frame it stopped at, or behind the last whole one
 */
export const walkSegment = async (
  path: string,
  limit: number,
  verify: boolean,
  visit: Visit,
): Promise<number> => {
  const file = await open(path, 'r')
  try {
    let position = 0
    let chunk = Buffer.allocUnsafe(chunkBytes)
    while (position + frameHeaderBytes <= limit) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, limit - position), position)
      const view = chunk.subarray(0, bytesRead)
      let offset = 0
      for (let end = frameEnd(view, 0); end > offset; end = frameEnd(view, offset)) {
        if ((verify && !isSound(view, offset)) || visit(view, offset)) return position + offset
        offset = end
      }
      if (offset === 0) {
        const needed =
          bytesRead >= frameHeaderBytes ? frameHeaderBytes + view.readUInt32LE(0) : Number.POSITIVE_INFINITY
        if (position + needed > limit || needed <= chunk.length) return position
        chunk = Buffer.allocUnsafe(needed)
      }
      position += offset
    }
    return position
  } finally {
    await file.close()
  }
}

/** What recovery found in the last segment: where its sound part ends, and the last sound record's numbers. */
export type Recovered = { bytes: number; last?: { boot: number; ordinal: number; arrival: number } }

/** Reads through a segment after a crash; a torn or damaged tail is left out of `bytes`. */
export const recoverSegment = async (segment: Segment): Promise<Recovered> => {
  let last: Recovered['last']
  const bytes = await walkSegment(segment.path, segment.bytes, true, (chunk, offset) => {
    last = {
      boot: frameBoot(chunk, offset),
      ordinal: frameOrdinal(chunk, offset),
      arrival: chunk.readDoubleLE(offset + 20),
    }
    return false
  })
  return last === undefined ? { bytes } : { bytes, last }
}
