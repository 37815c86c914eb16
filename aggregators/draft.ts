import type { RejectionReason } from '../ingest/rejection.ts'
import type { ArrivedRecord, Batch } from './evolve.ts'
import { addLatencies, type LatencyCounts, noLatencies } from './latency.ts'
import { type Entry, type Ledger, seal } from './ledger.ts'
import { type OpenPart, sameWindow, type Window } from './part.ts'
import { emptyDigest, nextDigest } from './run-digest.ts'
import { emptyTally, increase, own } from './tally.ts'

/** What a batch adds to a poll: to its entry, to its sum in the part, and to the shard's lifetime. */
export type Added = { entry: Entry; counts: Map<string, number>; rejected: Map<RejectionReason, number> }

/** A ledger while a batch is folded into it: copies, so that the one it started from stays as it was. */
export type Draft = {
  next: Ledger
  part: OpenPart
  latencies: LatencyCounts
  /** By poll; as in the ledger. */
  entries: Map<string, Entry>
  /** By poll that the batch's votes met. */
  added: Map<string, Added>
}

export const startDraft = (ledger: Ledger, { window }: Batch, first: ArrivedRecord): Draft => {
  // The put that follows forgets `sealed`: by then its WINDOW item is written.
  const forgotten: Ledger = { ...ledger, sealed: null }
  // A part that an older Placar has begun kept no runs: it ends here.
  const goesOn = ledger.open?.runs !== undefined && sameWindow(ledger.open.window, window)
  const { open, ...rest } = goesOn ? forgotten : seal(forgotten)
  return {
    next: { ...rest, open: null, lifetime: structuredClone(rest.lifetime) },
    part: open === null ? newPart(window, first) : structuredClone(open),
    latencies: noLatencies(),
    entries: new Map(Object.entries(structuredClone(rest.entries))),
    added: new Map(),
  }
}

const newPart = (window: Window, { sequenceNumber }: ArrivedRecord): OpenPart => ({
  window: { start: window.start, end: window.end },
  first: sequenceNumber,
  last: sequenceNumber,
  records: 0,
  runs: [],
  digest: emptyDigest,
  polls: {},
  rejected: {},
})

/** What the batch adds so far to a poll, whose entry in the draft this is. */
export const addedTo = ({ added }: Draft, poll: string, entry: Entry): Added => {
  const known = added.get(poll)
  if (known !== undefined) return known
  const none: Added = { entry, counts: new Map(), rejected: new Map() }
  added.set(poll, none)
  return none
}

/** The ledger after the batch. @param records all of the batch: they are a run of the part */
export const finishDraft = (draft: Draft, records: readonly ArrivedRecord[], checkpoint: string): Ledger => {
  for (const [poll, added] of draft.added) add(draft, poll, added)
  const { next, part, latencies, entries } = draft
  part.last = checkpoint
  part.records += records.length
  part.runs.push(records.length)
  part.digest = nextDigest(part.digest, records)
  const newest = records.reduce((latest, { arrival }) => Math.max(latest, arrival), next.lastArrival ?? 0)
  return {
    ...next,
    entries: Object.fromEntries(entries),
    lastArrival: newest,
    checkpoint,
    open: part,
    latency: addLatencies(next.latency, latencies),
  }
}

const add = ({ next, part }: Draft, poll: string, { entry, counts, rejected }: Added): void => {
  const presum = own(part.polls, poll) ?? emptyTally()
  part.polls[poll] = presum
  for (const [option, votes] of counts) {
    increase(entry.counts, option, votes)
    increase(presum.counts, option, votes)
    next.lifetime.counted += votes
  }
  for (const [reason, votes] of rejected) {
    increase(entry.rejected, reason, votes)
    increase(presum.rejected, reason, votes)
    increase(next.lifetime.rejected, reason, votes)
  }
}
