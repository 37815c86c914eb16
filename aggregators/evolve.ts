import type { RecordBody } from '../ingest/envelope.ts'
import { meets, type Poll, refuses } from '../ingest/poll.ts'
import type { RejectionReason } from '../ingest/rejection.ts'
import { decodeLatencies, encodeLatencies, type Latencies, recordLatency } from './latency.ts'
import { type Entry, type Ledger, seal } from './ledger.ts'
import { type OpenPart, sameWindow, type Window } from './part.ts'
import { emptyDigest, nextDigest } from './record-print.ts'
import { isAfter } from './sequence-number.ts'
import { addOutcome, emptyTally, increase, type Outcome, own } from './tally.ts'

/** A record as the fold sees it. `arrival`: approximate arrival timestamp, epoch ms; `print`: see record-print.ts. */
export type ArrivedRecord = { sequenceNumber: string; arrival: number; print: string; body: RecordBody }

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

  draft.part.records += records.length
  draft.part.last = last.sequenceNumber
  for (const { print } of records) draft.part.digest = nextDigest(draft.part.digest, print)
  const { next, latencies, part } = draft
  for (const { arrival } of records) next.lastArrival = Math.max(next.lastArrival ?? arrival, arrival)
  return { ...next, checkpoint: last.sequenceNumber, open: part, latency: encodeLatencies(latencies) }
}

/** The records behind the checkpoint, each once, in the order of their sequence numbers. */
export const unread = (ledger: Ledger, records: readonly ArrivedRecord[]): ArrivedRecord[] => {
  let checkpoint = ledger.checkpoint
  const ordered = records.every(
    (record, at) => !isAfter(records[at - 1]?.sequenceNumber ?? '0', record.sequenceNumber),
  )
    ? records
    : records.toSorted((left, right) => (isAfter(left.sequenceNumber, right.sequenceNumber) ? 1 : -1))
  return ordered.filter(({ sequenceNumber }) => {
    const fresh = isAfter(sequenceNumber, checkpoint)
    if (fresh) checkpoint = sequenceNumber
    return fresh
  })
}

/** What the fold may change: copies, so that the ledger it started from stays as it was. */
type Draft = { next: Ledger; part: OpenPart; latencies: Latencies }

const startDraft = (ledger: Ledger, { window }: Batch, first: ArrivedRecord): Draft => {
  // The put that follows forgets `sealed`: by then its WINDOW item is written.
  const forgotten: Ledger = { ...ledger, sealed: null }
  const goesOn = ledger.open !== null && sameWindow(ledger.open.window, window)
  const { open, ...rest } = goesOn ? forgotten : seal(forgotten)
  const next = {
    ...rest,
    open: null,
    entries: structuredClone(rest.entries),
    lifetime: structuredClone(rest.lifetime),
  }
  const part = open === null ? newPart(window, first) : structuredClone(open)
  return { next, part, latencies: decodeLatencies(ledger.latency) }
}

const newPart = (window: Window, { sequenceNumber }: ArrivedRecord): OpenPart => ({
  window: { start: window.start, end: window.end },
  first: sequenceNumber,
  last: sequenceNumber,
  records: 0,
  digest: emptyDigest,
  polls: {},
  rejected: {},
})

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
  const entry = own(draft.next.entries, body.poll)
  if (!meets(poll, arrival)) rejectWhole(draft, 'unknown_poll', body.votes.length)
  else if (entry === undefined && poll.finalAt !== undefined) rejectWhole(draft, 'closed', body.votes.length)
  else foldMet(draft, poll, entry ?? bornEntry(poll, draft.next.shardId), arrival, body, countedAt)
}

const foldMet = (
  draft: Draft,
  poll: Poll,
  entry: Entry,
  arrival: number,
  body: VotesBody,
  countedAt: number,
): void => {
  draft.next.entries[poll.id] = entry
  // What the marker has passed is frozen, and so is the poll's sum in every part: the closer and the auditor add them up.
  if (entry.passed) {
    rejectWhole(draft, 'closed', body.votes.length)
    return
  }
  const options = optionIds(poll)
  // All outcomes first, then all sums: a record that throws half-way has changed nothing.
  const outcomes = body.votes.map(({ option }): Outcome => {
    const reason = refuses(poll, options.has(option), arrival)
    return reason === undefined ? { option } : { reason }
  })
  const counted = outcomes.filter((outcome) => 'option' in outcome).length
  if (counted > 0)
    recordLatency(
      draft.latencies,
      { accepted: body.acceptedAt, stored: arrival, counted: countedAt },
      counted,
    )

  const presum = own(draft.part.polls, poll.id) ?? emptyTally()
  draft.part.polls[poll.id] = presum
  for (const outcome of outcomes) {
    addOutcome(entry, outcome)
    addOutcome(presum, outcome)
    if ('reason' in outcome) increase(draft.next.lifetime.rejected, outcome.reason, 1)
  }
  entry.lastArrival = Math.max(entry.lastArrival ?? arrival, arrival)
  draft.next.lifetime.counted += counted
}

/** Votes that met no poll, or one that is closed in this shard: they count for the shard and its part alone. */
const rejectWhole = (draft: Draft, reason: RejectionReason, n: number): void => {
  increase(draft.next.lifetime.rejected, reason, n)
  increase(draft.part.rejected, reason, n)
}

/** The close marker: from here on, no vote for this poll counts in this shard. */
const stamp = (draft: Draft, poll: Poll): void => {
  const entry = own(draft.next.entries, poll.id) ?? bornEntry(poll, draft.next.shardId)
  draft.next.entries[poll.id] = { ...entry, passed: true }
}

/** A shard that the poll's frozen set does not name joins too late: the poll is closed in it from the start. */
const bornEntry = (poll: Poll, shardId: string): Entry => ({
  ...emptyTally(),
  passed: poll.closedAt !== undefined && !poll.shards.includes(shardId),
  lastArrival: null,
})

const votesIn = (body: RecordBody): number =>
  body.kind === 'votes' ? body.votes.length : body.kind === 'close' ? 1 : body.n

const optionSets = new WeakMap<Poll, ReadonlySet<string>>()

/** A poll's option ids; options never change, so they are collected once per definition read. */
const optionIds = (poll: Poll): ReadonlySet<string> => {
  const kept = optionSets.get(poll) ?? new Set(poll.options.map(({ id }) => id))
  optionSets.set(poll, kept)
  return kept
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
