import type { Heads } from '../../aggregators/archive-line.ts'
import type { CloseStore } from '../../aggregators/close/close-store.ts'
import type { CountStore } from '../../aggregators/count-store.ts'
import type { ExportStore } from '../../aggregators/export/export-parts.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import { isDefined, type Poll } from '../../ingest/poll.ts'
import type { PollCreationPorts } from '../../ingest/poll-creation.ts'

/**
 * The count store in memory, with the table's conditions. It fakes nothing but durability; items are copied in and out
 * as text, as a table would. The conformance suite holds it to the DynamoDB one.
 */
export type MemoryCountStore = CountStore &
  CloseStore &
  ExportStore &
  Pick<PollCreationPorts, 'putPending' | 'confirm'> & {
    ledgers: Map<string, string>
    parts: Map<string, SealedPart>
    shards: Set<string>
    polls: Map<string, Poll>
    heads: Map<string, Heads>
  }

/** @param now the table's clock, epoch ms */
export const memoryCountStore = (polls: readonly Poll[] = [], now = (): number => 0): MemoryCountStore => {
  const ledgers = new Map<string, string>()
  const parts = new Map<string, SealedPart>()
  const shards = new Set<string>()
  const heads = new Map<string, Heads>()
  const definitions = new Map(polls.map((poll) => [poll.id, structuredClone(poll)]))
  const read = (shardId: string): Ledger | undefined => {
    const text = ledgers.get(shardId)
    return text === undefined ? undefined : JSON.parse(text)
  }
  const pollOf = (id: string): Poll => {
    const poll = definitions.get(id)
    if (poll === undefined) throw new Error(`no poll ${id}`)
    return poll
  }
  /** Copies without results, as a list has them. */
  const listed = (isWanted: (poll: Poll) => boolean): ReadonlyMap<string, Poll> =>
    new Map(
      [...definitions.values()]
        .filter(isWanted)
        .map(({ result: _result, ...poll }) => [poll.id, structuredClone(poll)]),
    )
  const join = (poll: Poll, joining: readonly string[]): void => {
    poll.shards = [...new Set([...poll.shards, ...joining])].sort()
  }
  return {
    ledgers,
    parts,
    shards,
    polls: definitions,
    heads,
    now,
    steadyClock: async () => {},
    untilNow: async (time) => {
      if (now() < time) throw new Error(`the table's clock is ${time - now()} ms behind`)
    },
    readLedger: async (shardId) => read(shardId),
    readLedgers: async (shardIds) => shardIds.flatMap((id) => read(id) ?? []),
    readShardIds: async () => [...shards].sort(),
    readAllLedgers: async () => [...ledgers.values()].map((text) => JSON.parse(text)),
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
    putPending: async (definition) => {
      if (definitions.has(definition.id)) return false
      definitions.set(definition.id, { ...structuredClone(definition), pending: true, shards: [] })
      return true
    },
    confirm: async (id) => {
      delete pollOf(id).pending
      return structuredClone(pollOf(id))
    },
    readPolls: async () => listed(() => true),
    readPollsWithout: async (attribute) => listed((poll) => poll[attribute] === undefined),
    readPoll: async (id) => structuredClone(definitions.get(id)),
    joinPoll: async (id, shardId) => {
      const poll = pollOf(id)
      if (poll.closedAt === undefined) join(poll, [shardId])
      return structuredClone(poll)
    },
    voidPending: async (id) => {
      const poll = pollOf(id)
      if (poll.pending) {
        delete poll.pending
        poll.voided = true
      }
      return structuredClone(poll)
    },
    closePoll: async (id, joining, closesAt) => {
      const poll = definitions.get(id)
      if (poll === undefined) return undefined
      const isAsked = closesAt === undefined || poll.closesAt === closesAt
      if (poll.closedAt === undefined && isDefined(poll) && isAsked) {
        poll.closedAt = now()
        join(poll, joining)
      }
      return structuredClone(poll)
    },
    finishPoll: async (id, result) => {
      const poll = pollOf(id)
      if (poll.closedAt !== undefined && poll.finalAt === undefined)
        Object.assign(poll, { finalAt: now(), result: structuredClone(result) })
      return structuredClone(poll)
    },
    markExported: async (id) => {
      if (pollOf(id).finalAt !== undefined) pollOf(id).exportedAt = now()
    },
    readHeads: async (id) => structuredClone(heads.get(id)),
    writeHeads: async (id, found) => {
      if (!heads.has(id)) heads.set(id, structuredClone(found))
      return structuredClone(heads.get(id) ?? found)
    },
  }
}
