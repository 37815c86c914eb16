import type { CountStore } from '../../aggregators/count-store.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import type { Poll } from '../../ingest/poll.ts'

/**
 * The count store in memory, with the table's conditions. It fakes nothing but durability; items are copied in and out
 * as text, as a table would. The conformance suite holds it to the DynamoDB one.
 */
export type MemoryCountStore = CountStore & {
  ledgers: Map<string, string>
  parts: Map<string, SealedPart>
  shards: Set<string>
  polls: Map<string, Poll>
}

export const memoryCountStore = (polls: readonly Poll[] = []): MemoryCountStore => {
  const ledgers = new Map<string, string>()
  const parts = new Map<string, SealedPart>()
  const shards = new Set<string>()
  const definitions = new Map(polls.map((poll) => [poll.id, structuredClone(poll)]))
  const read = (shardId: string): Ledger | undefined => {
    const text = ledgers.get(shardId)
    return text === undefined ? undefined : JSON.parse(text)
  }
  return {
    ledgers,
    parts,
    shards,
    polls: definitions,
    readLedger: async (shardId) => read(shardId),
    putLedger: async (ledger) => {
      if ((read(ledger.shardId)?.revision ?? 0) !== ledger.revision - 1) return false
      ledgers.set(ledger.shardId, JSON.stringify(ledger))
      return true
    },
    addShard: async (shardId) => {
      shards.add(shardId)
    },
    writePart: async (part) => {
      const key = `${part.shardId}#${part.number}`
      if (!parts.has(key)) parts.set(key, structuredClone(part))
    },
    readPolls: async () => structuredClone(definitions),
    joinPoll: async (id, shardId) => {
      const poll = definitions.get(id)
      if (poll === undefined) throw new Error(`no poll ${id}`)
      if (poll.closedAt === undefined && !poll.shards.includes(shardId)) poll.shards.push(shardId)
      return structuredClone(poll)
    },
  }
}
