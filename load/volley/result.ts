import { addTally, emptyTally, type Tally, votesIn } from '../tally.ts'
import { type LatencySummary, summarise } from './latency.ts'
import type { RequestKind } from './mix.ts'
import type { Outcome } from './outcome.ts'
import type { Schedule } from './schedule.ts'

/** What came of a volley. `requests` are counted in requests, everything else in votes. */
export type VolleyResult = {
  requests: {
    scheduled: number
    /** Less than `scheduled` when the volley was stopped early. */
    due: number
    sent: number
    /** Sent within 10 ms of their moment, as a fraction of those due: whether the rate was held. */
    rateHeld: number
    /** Answers by HTTP status. */
    statuses: Record<string, number>
    unknown: number
  }
  connectionErrors: Record<string, number>
  /** What the votes answered 202 must come to. */
  accepted: Tally
  /** What the votes come to of which nobody knows whether they were stored, if they were. */
  unknown: Tally
  acceptedVotes: number
  unknownVotes: number
  /** Votes answered 202 per second, from the first vote's moment to the last answer. */
  acceptedPerSecond: number
  /** From a request's scheduled moment to its 202. */
  latency: LatencySummary
  /** Epoch ms; `null` when nothing was answered. */
  lastAnswerAt: number | null
}

export const volleyResult = (
  kinds: readonly RequestKind[],
  { size }: Schedule,
  startAt: number,
  outcomes: readonly Outcome[],
): VolleyResult => {
  const accepted = tally(kinds, outcomes, 'accepted')
  const unknown = tally(kinds, outcomes, 'unknown')
  const total = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, each) => sum + of(each), 0)
  const lastAnswerAt = outcomes.reduce<number | null>(
    (last, { lastAnswerAt: at }) => (at === null ? last : Math.max(at, last ?? at)),
    null,
  )
  const due = total((outcome) => outcome.due)
  return {
    requests: {
      scheduled: size,
      due,
      sent: total(({ sent }) => sent),
      rateHeld: total(({ onTime }) => onTime) / due,
      statuses: merged(outcomes.map(({ statuses }) => statuses)),
      unknown: total(({ unknown }) => unknown.reduce((a, b) => a + b, 0)),
    },
    connectionErrors: merged(outcomes.map(({ connectionErrors }) => connectionErrors)),
    accepted,
    unknown,
    acceptedVotes: votesIn(accepted),
    unknownVotes: votesIn(unknown),
    acceptedPerSecond: lastAnswerAt === null ? 0 : (votesIn(accepted) * 1_000) / (lastAnswerAt - startAt),
    latency: summarise(outcomes.map(({ latency }) => latency)),
    lastAnswerAt,
  }
}

const tally = (
  kinds: readonly RequestKind[],
  outcomes: readonly Outcome[],
  which: 'accepted' | 'unknown',
): Tally => {
  const sum = emptyTally()
  for (const outcome of outcomes)
    for (const [index, kind] of kinds.entries()) addTally(sum, kind.tally, outcome[which][index] ?? 0)
  return sum
}

const merged = (counts: readonly Record<string, number>[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const each of counts) for (const [name, n] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + n
  return sums
}
