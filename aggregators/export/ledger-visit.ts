import { type Ledger, seal } from '../ledger.ts'
import { type LedgerStore, openLedger, prepareLedger, replaceLedger } from '../ledger-revision.ts'

/** AWS closes the window of a silent shard within two minutes; a part that is open for longer was forgotten. */
const forgottenAfterMs = 120_000

/** Lost races in a row after which sealing gives up; the next run tries again. */
const maxAttempts = 20

/** Writes what a crash has left unwritten, and seals what nobody will seal any more. @param now epoch ms */
export const tidyLedger = async (ledger: Ledger, now: number, store: LedgerStore): Promise<void> => {
  const isForgotten = ledger.open !== null && ledger.open.window.end + forgottenAfterMs < now
  if (ledger.sealed === null && !isForgotten) return
  const prepared = await prepareLedger(ledger.shardId, ledger, store)
  // Should the aggregator be faster, the part was not forgotten after all.
  if (isForgotten) await replaceLedger(seal(prepared), store)
}

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
