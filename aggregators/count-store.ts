import type { Poll } from '../ingest/poll.ts'
import type { Ledger } from './ledger.ts'
import type { SealedPart } from './part.ts'

/** What counting needs of the count store; every read is consistent, every write is durable when it returns. */
export type CountStore = {
  readLedger(shardId: string): Promise<Ledger | undefined>
  /**
   * Replaces the shard's ledger, on condition that the one in the table still has revision `ledger.revision - 1`
   * (none at all for revision 1).
   * @returns whether it did; `false` means that somebody else was first
   */
  putLedger(ledger: Ledger): Promise<boolean>
  /** Makes a shard known before its first ledger is put; repeating it changes nothing. */
  addShard(shardId: string): Promise<void>
  /** Writes a WINDOW item unless it is there already. */
  writePart(part: SealedPart): Promise<void>
  /** Every definition there is. */
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  /**
   * Adds the shard to the poll's shard set, on condition that the poll is not closed or the shard is in the set.
   * @returns the definition as it stands afterwards, whether the shard was let in or not
   */
  joinPoll(pollId: string, shardId: string): Promise<Poll>
  /**
   * Settles once the table's clock has come to `time`, epoch ms, for certain. Rejects when that clock is so far behind
   * that it would take too long.
   */
  untilNow(time: number): Promise<void>
  /** Makes a definition void that is pending still. @returns the definition as it then stands */
  voidPending(pollId: string): Promise<Poll>
}
