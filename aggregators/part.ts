import { createHash } from 'node:crypto'
import type { Rejections } from '../ingest/rejection.ts'
import type { Tally } from './tally.ts'

/** A tumbling window `[start, end)` in epoch ms, by the stream's arrival clock: a record at `end` is in the next one. */
export type Window = { start: number; end: number }

/**
 * A part is the pre-sum of consecutive records of one shard within one window. Every record of a shard lies in exactly
 * one part; a window can have several (a retry after its final invoke, an early end, a late record).
 */
export type OpenPart = {
  window: Window
  /** Sequence numbers of the first and the last record. */
  first: string
  last: string
  records: number
  /** Records of each run, in order: a run is what one put of the ledger has added. */
  runs: number[]
  /** Over these records, run by run (run-digest.ts). */
  digest: string
  /** By poll that the votes met, before its close marker. */
  polls: Record<string, Tally>
  /** Votes that met no poll, unreadable or for an unknown one; and those behind a poll's close marker, or in a shard outside its set. */
  rejected: Rejections
}

/** A part that will never change: its bytes, its number in the shard, and its place in the shard's hash chain. */
export type SealedPart = {
  shardId: string
  number: number
  bytes: string
  hash: string
  previous: string
}

/** What a part's bytes say. */
export type PartBody = OpenPart & { v: 1; shardId: string; part: number }

/** The chain's head before a shard's first part. */
export const genesisHash = '0'.repeat(64)

/** SHA-256, in hex, over the previous hash (as hex) and then the bytes (as UTF-8). */
export const partHash = (previous: string, bytes: string): string =>
  createHash('sha256').update(previous).update(bytes).digest('hex')

export const sealPart = (shardId: string, number: number, previous: string, part: OpenPart): SealedPart => {
  const body: PartBody = { v: 1, shardId, part: number, ...part }
  const bytes = JSON.stringify(body)
  return { shardId, number, bytes, hash: partHash(previous, bytes), previous }
}

export const readPart = ({ bytes }: Pick<SealedPart, 'bytes'>): PartBody => JSON.parse(bytes)

export const sameWindow = (left: Window, right: Window): boolean =>
  left.start === right.start && left.end === right.end
