import type { Ledger } from '../aggregators/ledger.ts'
import { own } from '../aggregators/tally.ts'
import { isDefined, type Poll } from '../ingest/poll.ts'
import { type FinalPoll, isFinal } from './final-poll.ts'
import type { ReadStore } from './read-store.ts'

/** A poll and where its counts stand: in itself once it is final, until then in the ledgers of its shard set. */
export type Counted = { kind: 'final'; poll: FinalPoll } | { kind: 'counting'; poll: Poll; ledgers: Ledger[] }

/**
 * Reads a poll's counts; `undefined` when it is unknown or void.
 *
 * Ledgers drop a poll once it is final. So one that has no entry for it may have dropped it since the definition was
 * read: then the definition is read again and has the result. Otherwise the shard has not put its first vote yet.
 */
export const readCounted = async (
  store: Pick<ReadStore, 'readPoll' | 'readLedgers'>,
  pollId: string,
): Promise<Counted | undefined> => {
  const poll = await readDefined(store, pollId)
  if (poll === undefined) return undefined
  if (isFinal(poll)) return { kind: 'final', poll }
  const ledgers = await store.readLedgers(poll.shards)
  const entries = ledgers.filter((ledger) => own(ledger.entries, pollId) !== undefined).length
  const again = entries < poll.shards.length ? await readDefined(store, pollId) : undefined
  return again && isFinal(again) ? { kind: 'final', poll: again } : { kind: 'counting', poll, ledgers }
}

/** A poll that votes can meet: one that is pending or void is unknown to every question. */
export const readDefined = async (
  store: Pick<ReadStore, 'readPoll'>,
  pollId: string,
): Promise<Poll | undefined> => {
  const poll = await store.readPoll(pollId)
  return isDefined(poll) ? poll : undefined
}
