import type { PollStore } from '../../ingest/poll.store.ts'
import type { Ledger } from '../ledger.ts'
import type { LedgerStore } from '../ledger-revision.ts'

/** What closing needs of the count store. */
export type CloseStore = LedgerStore &
  Pick<PollStore, 'readPollsWithout' | 'readPoll' | 'closePoll' | 'finishPoll' | 'now' | 'steadyClock'> & {
    /** The ledgers there are of these shards, read consistently. */
    readLedgers(shardIds: readonly string[]): Promise<Ledger[]>
    /** Every shard that has, or had, a ledger. */
    readShardIds(): Promise<string[]>
  }
