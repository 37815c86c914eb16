import type { RecordBody } from '../ingest/envelope.ts'
import { meets, type Poll, refuses } from '../ingest/poll.ts'
import type { RejectionReason } from '../ingest/rejection.ts'
import { addedTo, type Draft, finishDraft, startDraft } from './draft.ts'
import { countLatency } from './latency.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { Window } from './part.ts'
import type { RawRecord } from './record-frame.ts'
import { isAfter } from './sequence-number.ts'
import { emptyTally, increase } from './tally.ts'

/** A record as the fold sees it: as the stream gave it, and read. */
export type ArrivedRecord = RawRecord & { body: RecordBody }

/** What is folded into a ledger at once: records of one window, and the clock just before the put. */
export type Batch = { window: Window; records: readonly ArrivedRecord[]; countedAt: number }

/** Definitions as read for this batch; a poll that is not in it is undefined. */
export type Polls = ReadonlyMap<string, Poll>

/** Runs `fold` over each record in order and gives back those whose fold threw. */
export type ForEachRecord = (
  records: readonly ArrivedRecord[],
  fold: (record: ArrivedRecord) => void,
) => readonly ArrivedRecord[]

/**
 * The fold: the ledger after a batch. Pure; records at or below the checkpoint change nothing, so any replay of any
 * suffix of the stream, cut into any batches, gives the same ledger. A batch of another window than the open part's
 * seals that part first. A record whose fold throws is rejected as malformed.
 */
export const evolve = (
  ledger: Ledger,
  batch: Batch,
  polls: Polls,
  forEach: ForEachRecord = forEachRecord,
): Ledger => {
  const records = unread(ledger, batch.records)
  const [first] = records
  const last = records.at(-1)
  if (first === undefined || last === undefined) return ledger

  const draft = startDraft(ledger, batch, first)
  const failed = forEach(records, (record) => foldRecord(draft, record, polls, batch.countedAt))
  for (const record of failed) rejectWhole(draft, 'malformed', votesIn(record.body))

  return finishDraft(draft, records, last.sequenceNumber)
}

/** The records behind the checkpoint, each once, in the order of their sequence numbers. */
export const unread = (ledger: Ledger, records: readonly ArrivedRecord[]): readonly ArrivedRecord[] => {
  let before = ledger.checkpoint
  const isUnread = ({ sequenceNumber }: ArrivedRecord): boolean => {
    const fresh = isAfter(sequenceNumber, before)
    if (fresh) before = sequenceNumber
    return fresh
  }
  if (records.every(isUnread)) return records
  before = ledger.checkpoint
  return records
    .toSorted((left, right) => (isAfter(left.sequenceNumber, right.sequenceNumber) ? 1 : -1))
    .filter(isUnread)
}

const foldRecord = (
  draft: Draft,
  { arrival, body }: ArrivedRecord,
  polls: Polls,
  countedAt: number,
): void => {
  switch (body.kind) {
    case 'rejected':
      rejectWhole(draft, body.reason, body.n)
      break
    case 'close':
      stamp(draft, body.poll)
      break
    case 'votes':
      foldVotes(draft, arrival, body, polls, countedAt)
      break
    default:
      body satisfies never
  }
}

type VotesBody = Extract<RecordBody, { kind: 'votes' }>

const foldVotes = (draft: Draft, arrival: number, body: VotesBody, polls: Polls, countedAt: number): void => {
  const poll = polls.get(body.poll)
  const entry = draft.entries.get(body.poll)
  if (!meets(poll, arrival)) rejectWhole(draft, 'unknown_poll', body.votes.length)
  else if (entry === undefined && poll.finalAt !== undefined) rejectWhole(draft, 'closed', body.votes.length)
  else foldMet(draft, poll, entry ?? bear(draft, poll), arrival, body, countedAt)
}

const foldMet = (
  draft: Draft,
  poll: Poll,
  entry: Entry,
  arrival: number,
  body: VotesBody,
  countedAt: number,
): void => {
  // What the marker has passed is frozen, and so is the poll's sum in every part: the closer and the auditor add them up.
  if (entry.passed) {
    rejectWhole(draft, 'closed', body.votes.length)
    return
  }
  const options = optionIds(poll)
  // All outcomes first, then all sums: a record that throws half-way has changed nothing.
  const reasons = body.votes.map(({ option }) => refuses(poll, options.has(option), arrival))
  let counted = 0
  const { counts, rejected } = addedTo(draft, poll.id, entry)
  for (const [at, { option }] of body.votes.entries()) {
    const reason = reasons[at]
    if (reason === undefined) {
      counts.set(option, (counts.get(option) ?? 0) + 1)
      counted += 1
    } else rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  }
  if (counted > 0)
    countLatency(draft.latencies, { accepted: body.acceptedAt, stored: arrival, counted: countedAt }, counted)
  entry.lastArrival = Math.max(entry.lastArrival ?? arrival, arrival)
}

/** Votes that met no poll, or one that is closed in this shard: they count for the shard and its part alone. */
const rejectWhole = (draft: Draft, reason: RejectionReason, n: number): void => {
  increase(draft.next.lifetime.rejected, reason, n)
  increase(draft.part.rejected, reason, n)
}

/** The close marker: from here on, no vote for this poll counts in this shard. */
const stamp = (draft: Draft, poll: Poll): void => {
  const entry = draft.entries.get(poll.id) ?? bear(draft, poll)
  entry.passed = true
}

/** The poll's first entry. A shard that its frozen set does not name joins too late: the poll is closed in it from the start. */
const bear = ({ next, entries }: Draft, poll: Poll): Entry => {
  const passed = poll.closedAt !== undefined && !poll.shards.includes(next.shardId)
  const entry: Entry = { ...emptyTally(), passed, lastArrival: null }
  entries.set(poll.id, entry)
  return entry
}

const votesIn = (body: RecordBody): number =>
  body.kind === 'votes' ? body.votes.length : body.kind === 'close' ? 1 : body.n

const optionSets = new WeakMap<Poll, ReadonlySet<string>>()

/** A poll's option ids; options never change, so they are collected once per definition read. */
const optionIds = (poll: Poll): ReadonlySet<string> => {
  const kept = optionSets.get(poll)
  if (kept !== undefined) return kept
  const ids = new Set(poll.options.map(({ id }) => id))
  optionSets.set(poll, ids)
  return ids
}

const forEachRecord: ForEachRecord = (records, fold) =>
  records.filter((record) => {
    try {
      fold(record)
      return false
    } catch {
      return true
    }
  })
