import { ledgerKey, ledgerSortKey } from '../ingest/count-table.ts'
import type { Ledger } from './ledger.ts'

/**
 * A ledger as an item of the count store, in DynamoDB's attribute form. The JSON holds everything; `revision` and
 * `checkpoint` stand beside it for the put's condition and for the eye.
 */
export type LedgerItem = {
  PK: { S: string }
  SK: { S: string }
  revision: { N: string }
  checkpoint: { S: string }
  ledger: { S: string }
}

export const ledgerItemKey = (shardId: string): Pick<LedgerItem, 'PK' | 'SK'> => ({
  PK: { S: ledgerKey(shardId) },
  SK: { S: ledgerSortKey },
})

export const toLedgerItem = (ledger: Ledger): LedgerItem => ({
  ...ledgerItemKey(ledger.shardId),
  revision: { N: String(ledger.revision) },
  checkpoint: { S: ledger.checkpoint },
  ledger: { S: JSON.stringify(ledger) },
})

/** Throws when the item holds no ledger. */
export const fromLedgerItem = (item: Record<string, { S?: string | undefined }>): Ledger => {
  const text = item.ledger?.S
  if (text === undefined) throw new Error(`the item ${item.PK?.S} holds no ledger`)
  return JSON.parse(text)
}
