import type { CountStore } from './count-store.ts'
import { emptyLedger, type Ledger } from './ledger.ts'

/** What replacing a ledger needs of the count store. */
export type LedgerStore = Pick<CountStore, 'readLedger' | 'putLedger' | 'addShard' | 'writePart'>

/**
 * A ledger as it may be replaced next: its sealed part's WINDOW item is written first, since the next put forgets it; and
 * a shard that has none yet is made known before its first.
 *
 * @param ledger as read from the table; `undefined` where there is none
 */
export const prepareLedger = async (
  shardId: string,
  ledger: Ledger | undefined,
  store: LedgerStore,
): Promise<Ledger> => {
  if (ledger === undefined) await store.addShard(shardId)
  else if (ledger.sealed !== null) await store.writePart(ledger.sealed)
  return forgetSealed(ledger ?? emptyLedger(shardId))
}

/** The ledger in the table, prepared. */
export const openLedger = async (shardId: string, store: LedgerStore): Promise<Ledger> =>
  prepareLedger(shardId, await store.readLedger(shardId), store)

/**
 * Puts the next revision of a prepared ledger, then the WINDOW item that it seals.
 *
 * @returns what is in the table now, prepared; `undefined` when another writer was faster
 */
export const replaceLedger = async (next: Ledger, store: LedgerStore): Promise<Ledger | undefined> => {
  const ledger = { ...next, revision: next.revision + 1 }
  if (!(await store.putLedger(ledger))) return undefined
  if (ledger.sealed !== null) await store.writePart(ledger.sealed)
  return forgetSealed(ledger)
}

const forgetSealed = (ledger: Ledger): Ledger =>
  ledger.sealed === null ? ledger : { ...ledger, sealed: null }
