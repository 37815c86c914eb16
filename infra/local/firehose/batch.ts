import { frameArrival } from '../kinesis/log/frame.ts'
import type { Position } from '../kinesis/log/segment-reader.ts'
import type { SourceShard } from './source.ts'

/** A shard and how far it is delivered. */
export type ShardReader = { shard: SourceShard; position: Position }

/** Frames of one shard for the next object. `arrival` (epoch ms) is that of the first. */
export type Piece = { shard: SourceShard; bytes: Buffer; arrival: number; next: Position }

export type BatchLimits = { maxBytes: number; maxRecords: number }

/** Whether a shard has records behind what is delivered of it. It costs two comparisons. */
export const isBehind = ({ shard, position }: ShardReader): boolean => {
  const end = shard.log.end()
  return position.segment < end.segment || (position.segment === end.segment && position.offset < end.offset)
}

/** Bytes that wait in these shards, up to where a shard's next segment begins. */
export const waitingBytes = (readers: readonly ShardReader[]): number =>
  readers.reduce((sum, { shard, position }) => {
    const end = shard.log.end()
    // Another segment behind it means that megabytes wait.
    return sum + (position.segment < end.segment ? Number.POSITIVE_INFINITY : end.offset - position.offset)
  }, 0)

/**
 * Reads on in the shards, one after the other, until the limits are reached. Over `maxBytes` is only a batch of one
 * record. A piece may be empty: its shard's position then only moves to the next segment.
 */
export const takeBatch = async (
  readers: readonly ShardReader[],
  { maxBytes, maxRecords }: BatchLimits,
): Promise<Piece[]> => {
  const pieces: Piece[] = []
  let bytesLeft = maxBytes
  let recordsLeft = maxRecords
  for (const { shard, position } of readers) {
    const { bytes, count, next } = await shard.log.read(position, recordsLeft, bytesLeft)
    if (bytes.length > bytesLeft && bytesLeft < maxBytes) break
    pieces.push({ shard, bytes, arrival: count === 0 ? 0 : frameArrival(bytes, 0), next })
    bytesLeft -= bytes.length
    recordsLeft -= count
    if (bytesLeft <= 0 || recordsLeft <= 0) break
  }
  return pieces
}
