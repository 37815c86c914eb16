import type { Ledger } from '../aggregators/ledger.ts'
import type { PartBody } from '../aggregators/part.ts'
import type { Poll } from '../ingest/poll.ts'
import type { ShardStates } from './shards.ts'

/** What the read model needs of the world. */
export type ReadStore = {
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  readPoll(id: string): Promise<Poll | undefined>
  /** The ledgers there are of these shards, read consistently. */
  readLedgers(shardIds: readonly string[]): Promise<Ledger[]>
  /** Every shard that has, or had, a ledger. */
  readShardIds(): Promise<string[]>
  /**
   * Sealed parts of windows that start at or after `from`, in pages, in the order of their starts. A little behind the
   * ledgers (an index is eventually consistent).
   */
  readParts(from: number, order: 'oldest first' | 'newest first'): AsyncIterable<PartBody[]>
  readShardStates(): Promise<ShardStates>
  /** Age of the oldest unread record in ms; `null` if unknown. */
  readIteratorAge(): Promise<number | null>
}
