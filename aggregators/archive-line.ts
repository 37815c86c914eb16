import { isUtf8 } from 'node:buffer'
import type { Poll, PollDefinition, PollResult } from '../ingest/poll.ts'
import type { SealedPart } from './part.ts'

/** The lines of the archive (docs/audit-format.md): NDJSON, one object each. `v` is the format's version. */

/** One record of the stream, as it arrived; in `votes/`. */
export type RecordLine = {
  v: 1
  kind: 'record'
  shardId: string
  sequenceNumber: string
  /** Approximate arrival timestamp, epoch ms. */
  arrival: number
  partitionKey: string
  /** The bytes as UTF-8 text, as the aggregator reads them. */
  data: string
  /** The bytes in base64; only where they are not UTF-8, so that `data` cannot give them back. */
  base64?: string
}

/** One sealed part, with its place in the shard's hash chain; in `windows/`. */
export type PartLine = {
  v: 1
  kind: 'part'
  shardId: string
  part: number
  previous: string
  hash: string
  /** The very text that was hashed. */
  bytes: string
}

/** How many parts a shard had sealed, and the hash of the last one. */
export type Head = { parts: number; head: string }
export type Heads = Record<string, Head>

/** The last line of a poll, when it is final and all its parts are sent; in `windows/`. */
export type PollLine = {
  v: 1
  kind: 'poll'
  poll: PollDefinition & { shards: string[]; closedAt: number; finalAt: number }
  result: PollResult
  /** By shard of the poll's set; the close marker lies within these parts. */
  heads: Heads
}

export const recordLine = (
  record: Omit<RecordLine, 'v' | 'kind' | 'data' | 'base64'>,
  bytes: Buffer,
): string => {
  const { shardId, sequenceNumber, arrival, partitionKey } = record
  const line: RecordLine = {
    v: 1,
    kind: 'record',
    shardId,
    sequenceNumber,
    arrival,
    partitionKey,
    data: bytes.toString('utf8'),
    ...(isUtf8(bytes) ? {} : { base64: bytes.toString('base64') }),
  }
  return `${JSON.stringify(line)}\n`
}

export const partLine = ({ shardId, number, previous, hash, bytes }: SealedPart): string => {
  const line: PartLine = { v: 1, kind: 'part', shardId, part: number, previous, hash, bytes }
  return `${JSON.stringify(line)}\n`
}

/** Throws when the poll is not final. */
export const pollLine = (poll: Poll, heads: Heads): string => {
  const { id, title, options, createdAt, opensAt, closesAt, shards, closedAt, finalAt, result } = poll
  if (closedAt === undefined || finalAt === undefined || result === undefined)
    throw new Error(`poll ${id} is not final; it has no last line yet`)
  const line: PollLine = {
    v: 1,
    kind: 'poll',
    poll: { id, title, options, createdAt, opensAt, closesAt, shards, closedAt, finalAt },
    result,
    heads,
  }
  return `${JSON.stringify(line)}\n`
}
