import { assumptions } from '../cost/assumptions.ts'
import { LoadError } from '../load-error.ts'

/** A record's largest size, bytes, unless the stream's is raised (Kinesis, UpdateMaxRecordSize); a shard takes no more a second. */
export const maxRecordBytes = 2 ** 20

/** The gateway's keys have 18 bytes (ingest/partition-key.ts). */
const keyBytes = 20

/** What a batch has once: the envelope and the partition key. */
const onceBytes = assumptions.envelopeBytes + keyBytes

/**
 * Bytes of the record that holds a batch, given those of a record with a single vote, partition key included: each
 * further vote adds what the single one had beyond envelope and key.
 */
export const batchRecordBytes = (recordBytes: number, votes: number): number =>
  recordBytes + (votes - 1) * (recordBytes - onceBytes)

/** Throws `LoadError` where no shard would ever take such a record. */
export const expectTakable = (recordBytes: number, votes: number): void => {
  const bytes = batchRecordBytes(recordBytes, votes)
  if (bytes <= maxRecordBytes) return
  const most = Math.floor((maxRecordBytes - onceBytes) / (recordBytes - onceBytes))
  throw new LoadError(
    `A record of ${votes} votes would have ${bytes.toLocaleString('en-US')} bytes, and a shard takes 1 MiB a second and record; ${most === 0 ? 'make --record-bytes smaller' : `plan with --batch ${most} or less`}.`,
  )
}
