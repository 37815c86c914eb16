import type { Ledger } from '../aggregators/ledger.ts'
import type { PartBody } from '../aggregators/part.ts'
import type { Poll } from '../ingest/poll.ts'
import type { ShardStates } from './shards.ts'

/** Epoch ms, `[from, to)`; without `to`, up to the newest. */
export type Span = { from: number; to?: number | undefined }
export type Order = 'oldest first' | 'newest first'

/** What the read model needs of the world. */
export type ReadStore = {
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  readPoll(id: string): Promise<Poll | undefined>
  /** The ledgers there are of these shards, read consistently. */
  readLedgers(shardIds: readonly string[]): Promise<Ledger[]>
  /** Every shard that has, or had, a ledger. */
  readShardIds(): Promise<string[]>
  /**
   * Sealed parts of windows that start in the span, in pages, in the order of their starts. A little behind the ledgers
   * (an index is eventually consistent).
   */
  readParts(span: Span, order: Order): AsyncIterable<PartBody[]>
  readShardStates(): Promise<ShardStates>
  /** Age of the oldest unread record in ms; `null` if unknown. */
  readIteratorAge(): Promise<number | null>
}
