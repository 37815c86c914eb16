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
   * Sealed parts by the start of their windows, in pages: `from` on and oldest first, or without `from` newest first.
   * A little behind the ledgers (an index is eventually consistent).
   */
  readParts(from: number | undefined): AsyncIterable<PartBody[]>
  readShardStates(): Promise<ShardStates>
  /** Age of the oldest unread record in ms; `null` if unknown. */
  readIteratorAge(): Promise<number | null>
}
