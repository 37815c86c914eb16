import { type Ledger, seal } from '../ledger.ts'
import { type LedgerStore, openLedger, prepareLedger, replaceLedger } from '../ledger-revision.ts'
import { readPart, type Window } from '../part.ts'

/** AWS closes the window of a silent shard within two minutes; a part that is open for longer was forgotten. */
const forgottenAfterMs = 120_000

/** Lost races in a row after which sealing gives up; the next run tries again. */
const maxAttempts = 20

/**
 * Writes what a crash has left unwritten, and seals what nobody will seal any more. Both are left in the ledger for two
 * minutes, in which its next put does it.
 *
 * @param now epoch ms
 */
export const tidyLedger = async (ledger: Ledger, now: number, store: LedgerStore): Promise<void> => {
  if (!isForgotten(ledger.open?.window, now) && !isForgotten(sealedWindow(ledger), now)) return
  const prepared = await prepareLedger(ledger.shardId, ledger, store)
  // Should the aggregator be faster, it was not forgotten after all.
  await replaceLedger(seal(prepared), store)
}

const isForgotten = (window: Window | undefined, now: number): boolean =>
  window !== undefined && window.end + forgottenAfterMs < now

const sealedWindow = ({ sealed }: Ledger): Window | undefined =>
  sealed === null ? undefined : readPart(sealed).window

/** Seals the shard's open part, if there is one. @returns a ledger that has none open. Throws when others win every race. */
export const sealLedger = async (shardId: string, store: LedgerStore): Promise<Ledger> => {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const ledger = await openLedger(shardId, store)
    if (ledger.open === null) return ledger
    const sealed = await replaceLedger(seal(ledger), store)
    if (sealed !== undefined) return sealed
  }
  throw new Error(`the ledger of ${shardId} was replaced by others ${maxAttempts} times in a row`)
}
