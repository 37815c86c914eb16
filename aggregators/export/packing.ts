import { partLine } from '../archive-line.ts'
import type { SealedPart } from '../part.ts'

/** A part as it goes out: its line of the archive, and that line's length as UTF-8. */
export type PackablePart = { part: SealedPart; line: string; bytes: number }

/** One Firehose record: lines that are stored together or not at all. */
export type PackedRecord = { parts: PackablePart[]; bytes: number }

export type PackingLimits = { recordBytes: number; requestRecords: number; requestBytes: number }

/**
 * Firehose's limits on PutRecordBatch: a record of 1,000 KiB before base64, 500 records, 4 MiB. AWS does not say
 * whether the 4 MiB are meant before base64 or behind it; 3,000,000 bytes keep to both.
 */
export const firehoseLimits: PackingLimits = {
  recordBytes: 1000 * 1024,
  requestRecords: 500,
  requestBytes: 3_000_000,
}

/** Throws where a line is too long for a record; a ledger item of 400 KB cannot hold such a part. */
export const packable = (part: SealedPart, { recordBytes } = firehoseLimits): PackablePart => {
  const line = partLine(part)
  const bytes = Buffer.byteLength(line)
  if (bytes > recordBytes)
    throw new Error(
      `part ${part.number} of ${part.shardId} is a line of ${bytes} bytes; a record holds at most ${recordBytes}`,
    )
  return { part, line, bytes }
}

/**
 * The records of the next request, as few as possible since each is billed in steps of 5 KB, and the parts that come
 * after it. All parts of a shard that are in the request stand in one record, in the order they were given: a record
 * that fails then holds back its own shards only, and nothing behind it has been sent.
 *
 * @param waiting those of one shard in the order of its chain
 */
export const packRequest = (
  waiting: readonly PackablePart[],
  limits = firehoseLimits,
): { records: PackedRecord[]; rest: PackablePart[] } => {
  const records: PackedRecord[] = []
  const rest: PackablePart[] = []
  let bytesLeft = limits.requestBytes
  for (const parts of byShard(waiting).values()) {
    const packed = beginning(parts, Math.min(limits.recordBytes, bytesLeft))
    const record = packed.parts.length === 0 ? undefined : recordWithRoom(records, packed.bytes, limits)
    if (record === undefined) {
      rest.push(...parts)
      continue
    }
    record.parts.push(...packed.parts)
    record.bytes += packed.bytes
    bytesLeft -= packed.bytes
    rest.push(...parts.slice(packed.parts.length))
  }
  return { records, rest }
}

const byShard = (waiting: readonly PackablePart[]): Map<string, PackablePart[]> =>
  Map.groupBy(waiting, ({ part }) => part.shardId)

/** As many of a shard's parts, from the first on, as go into one record. */
const beginning = (parts: readonly PackablePart[], maxBytes: number): PackedRecord => {
  const record: PackedRecord = { parts: [], bytes: 0 }
  for (const part of parts) {
    if (record.bytes + part.bytes > maxBytes) break
    record.parts.push(part)
    record.bytes += part.bytes
  }
  return record
}

/** The last record, or else a new one; `undefined` where the request can have no more. */
const recordWithRoom = (
  records: PackedRecord[],
  bytes: number,
  limits: PackingLimits,
): PackedRecord | undefined => {
  const last = records.at(-1)
  if (last !== undefined && last.bytes + bytes <= limits.recordBytes) return last
  if (records.length === limits.requestRecords) return undefined
  const record = { parts: [], bytes: 0 }
  records.push(record)
  return record
}
