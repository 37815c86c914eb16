import { meets, type Poll } from '../ingest/poll.ts'
import type { CountStore } from './count-store.ts'
import { type ArrivedRecord, evolve, type ForEachRecord, type Polls, unread } from './evolve.ts'
import { type Ledger, seal } from './ledger.ts'
import { openLedger, replaceLedger } from './ledger-revision.ts'
import type { Window } from './part.ts'
import type { PollCache } from './poll-cache.ts'
import { withLoss } from './retention.ts'
import { own } from './tally.ts'

/** One call of the aggregator: a batch of one shard and one window. `cached`: the ledger in the window's state. */
export type Invocation = {
  shardId: string
  window: Window
  records: readonly ArrivedRecord[]
  isFinal: boolean
  cached?: Ledger | undefined
}

export type AggregatePorts = {
  store: CountStore
  polls: PollCache
  now: () => number
  /** For how long the stream keeps a record. */
  retentionMs: number
  forEach: ForEachRecord
}

/** Lost races in a row after which an invocation gives up; Lambda then retries it. */
const maxAttempts = 20

/**
 * Counts a batch exactly once (design, section 6): read, fold, put on condition that nobody was faster, and start over
 * if somebody was. Throws only when the store fails; the stream then delivers the batch again.
 *
 * @returns the ledger as it now stands in the table, with nothing left to write
 */
export const aggregate = async (invocation: Invocation, ports: AggregatePorts): Promise<Ledger> => {
  let ledger = invocation.cached ?? (await openLedger(invocation.shardId, ports.store))
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const done = await step(ledger, invocation, ports)
    if (done !== undefined) return done
    ledger = await openLedger(invocation.shardId, ports.store)
  }
  throw new Error(`the ledger of ${invocation.shardId} was replaced by others ${maxAttempts} times in a row`)
}

/** Folds and seals; `undefined` when another writer replaced the ledger meanwhile. */
const step = async (
  ledger: Ledger,
  invocation: Invocation,
  ports: AggregatePorts,
): Promise<Ledger | undefined> => {
  const { window, isFinal } = invocation
  const folded = await fold(ledger, invocation, ports)
  const counted = folded === ledger ? ledger : await replaceLedger(folded, ports.store)
  if (counted === undefined) return undefined
  const isOver = isFinal && counted.open !== null && counted.open.window.end <= window.end
  return isOver ? replaceLedger(seal(counted), ports.store) : counted
}

const fold = async (
  ledger: Ledger,
  { window, records }: Invocation,
  ports: AggregatePorts,
): Promise<Ledger> => {
  const fresh = unread(ledger, records)
  if (fresh.length === 0) return ledger
  const polls = await definitions(ledger, fresh, ports)
  const kept = withoutFinal(ledger, polls)
  const countedAt = ports.now()
  // Between the checkpoint and these records there may have been others that nobody will ever read.
  const known = withLoss(kept, countedAt, ports.retentionMs)
  return evolve(known, { window, records: fresh, countedAt }, polls, ports.forEach)
}

/**
 * The definitions that a batch is judged by. A cached one will do where its poll already has an entry: what could have
 * changed is its `closesAt`, and that only while more than 30 s away. Everything else is read in this invocation, and
 * joining a poll's shard set is a write that is never skipped.
 */
const definitions = async (
  ledger: Ledger,
  records: readonly ArrivedRecord[],
  { store, polls: cache }: AggregatePorts,
): Promise<Polls> => {
  const cached = await cache.read()
  const unsure = records.some(({ arrival, body }) => {
    if (body.kind !== 'votes') return false
    return own(ledger.entries, body.poll) === undefined || !meets(cached.get(body.poll), arrival)
  })
  if (!unsure) return cached

  await store.untilNow(newestUnheardOf(records, cached))
  const polls = new Map(await cache.refresh())
  const joined = new Set<string>()
  for (const { arrival, body } of records) {
    if (body.kind !== 'votes' || own(ledger.entries, body.poll) !== undefined || joined.has(body.poll))
      continue
    const poll = await settled(polls.get(body.poll), arrival, store)
    if (poll !== undefined) polls.set(poll.id, poll)
    if (!meets(poll, arrival) || poll.finalAt !== undefined) continue
    polls.set(poll.id, await store.joinPoll(poll.id, ledger.shardId))
    joined.add(poll.id)
  }
  return polls
}

/**
 * The arrival of the newest vote whose poll is not in `polls`. Should the stream's clock be ahead of the table's, a
 * definition that is in time for such a vote could still be written; once the table's clock is past it, none can.
 */
const newestUnheardOf = (records: readonly ArrivedRecord[], polls: Polls): number =>
  records.reduce(
    (newest, { arrival, body }) =>
      body.kind === 'votes' && !polls.has(body.poll) ? Math.max(newest, arrival) : newest,
    0,
  )

/** A definition that a vote can be judged by: one that is pending when it should have been met is to be void. */
const settled = async (
  poll: Poll | undefined,
  arrival: number,
  store: CountStore,
): Promise<Poll | undefined> =>
  poll?.pending && arrival >= poll.createdAt ? store.voidPending(poll.id) : poll

/** Final polls leave the ledger; their votes are `closed` from then on. */
const withoutFinal = (ledger: Ledger, polls: Polls): Ledger => {
  const kept = Object.entries(ledger.entries).filter(([id]) => polls.get(id)?.finalAt === undefined)
  if (kept.length === Object.keys(ledger.entries).length) return ledger
  return { ...ledger, entries: Object.fromEntries(kept) }
}
