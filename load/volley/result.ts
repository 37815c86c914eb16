import { addTally, emptyTally, type Tally, votesIn } from '../tally.ts'
import type { RequestKind } from './kind.ts'
import { type LatencySummary, mergeHistograms, summarise } from './latency.ts'
import { addedUp, type Outcome } from './outcome.ts'
import type { Schedule } from './schedule.ts'

/** How often the requests of a name ended so: a status, `no answer`, or of Artillery an error's code. */
export type Answers = { name: string; result: string; count: number }

/** What came of a volley. `requests` and `answers` are counted in requests, everything else in votes. */
export type VolleyResult = {
  requests: {
    scheduled: number
    /** Less than `scheduled` when the volley was stopped early. */
    due: number
    sent: number
    /** Sent within 10 ms of their moment, as a fraction of those due: whether the rate was held. 0 when none was due. */
    rateHeld: number
    /** Answers by HTTP status. */
    statuses: Record<string, number>
    /** Answers with a status that their request may have. */
    expected: number
    /** Answers with another one; a 5xx to a vote is none of them, but unknown, nor a 429 to a kind that may be throttled. */
    unexpected: number
    unknown: number
  }
  answers: Answers[]
  connectionErrors: Record<string, number>
  /** What the votes answered 202 must come to. */
  accepted: Tally
  /** What the votes come to of which nobody knows whether they were stored, if they were. */
  unknown: Tally
  /** Votes, well or badly cast: each that was sent was accepted, throttled (429) or failed. */
  votes: { sent: number; throttled: number; failed: number }
  acceptedVotes: number
  unknownVotes: number
  /** Votes answered 202 per second, from the first vote's moment to the last answer. */
  acceptedPerSecond: number
  /** Votes per second that were to be accepted, over the whole schedule, whether or not it was stopped early. */
  scheduledPerSecond: number
  /** From a request's scheduled moment to an answer that it may have. */
  latency: LatencySummary
  /** The same as an HDR histogram in microseconds, in its compressed encoding. */
  histogram: string
  /** Epoch ms; `null` when nothing was answered. */
  lastAnswerAt: number | null
}

export const volleyResult = (
  kinds: readonly RequestKind[],
  schedule: Schedule,
  startAt: number,
  outcomes: readonly Outcome[],
): VolleyResult => {
  const answers = kinds.map((_, kind) => addedUp(outcomes.map((outcome) => outcome.answers[kind] ?? {})))
  const lost = kinds.map((_, kind) => total(outcomes, ({ unknown }) => unknown[kind] ?? 0))
  const unanswered = kinds.map((_, kind) => (lost[kind] ?? 0) - serverErrors(answers[kind] ?? {}))
  const accepted = tallied(kinds, (kind) => answers[kind]?.[202] ?? 0)
  const unknown = tallied(kinds, (kind) => lost[kind] ?? 0)
  const statuses = addedUp(answers)
  const expected = inRequests(kinds, answers, ({ expected }, status) => expected.includes(status))
  const times = outcomes.flatMap(({ lastAnswerAt }) => lastAnswerAt ?? [])
  const lastAnswerAt = times.length === 0 ? null : Math.max(...times)
  const due = total(outcomes, (outcome) => outcome.due)
  const histogram = mergeHistograms(outcomes.map(({ latency }) => latency))
  return {
    requests: {
      scheduled: schedule.size,
      due,
      sent: total(outcomes, ({ sent }) => sent),
      rateHeld: due === 0 ? 0 : total(outcomes, ({ onTime }) => onTime) / due,
      statuses,
      expected,
      unexpected: inRequests(kinds, answers, isUnexpected),
      unknown: lost.reduce((a, b) => a + b, 0),
    },
    answers: listed(kinds, answers, unanswered),
    connectionErrors: addedUp(outcomes.map(({ connectionErrors }) => connectionErrors)),
    accepted,
    unknown,
    votes: votesOf(kinds, answers, unanswered),
    acceptedVotes: votesIn(accepted),
    unknownVotes: votesIn(unknown),
    acceptedPerSecond: lastAnswerAt === null ? 0 : (votesIn(accepted) * 1_000) / (lastAnswerAt - startAt),
    scheduledPerSecond: scheduledPerSecond(kinds, schedule),
    latency: summarise(histogram),
    histogram,
    lastAnswerAt,
  }
}

/** Votes per second that are to be accepted, over the whole schedule. */
export const scheduledPerSecond = (
  kinds: readonly RequestKind[],
  { size, lengthMs }: Pick<Schedule, 'size' | 'lengthMs'>,
): number => (size * votesPerRequest(kinds) * 1_000) / lengthMs

type ByStatus = Record<string, number>

/** Votes in an accepted request, on average. */
const votesPerRequest = (kinds: readonly RequestKind[]): number => {
  const weights = kinds.reduce((sum, { weight }) => sum + weight, 0)
  return kinds.reduce((sum, { weight, tally }) => sum + (weight / weights) * votesIn(tally), 0)
}

const total = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, each) => sum + of(each), 0)

const tallied = (kinds: readonly RequestKind[], times: (kind: number) => number): Tally => {
  const sum = emptyTally()
  for (const [index, kind] of kinds.entries()) addTally(sum, kind.tally, times(index))
  return sum
}

const isUnexpected = ({ expected, mayBeThrottled, votes }: RequestKind, status: number): boolean =>
  !expected.includes(status) && !(status === 429 && mayBeThrottled) && !(status >= 500 && votes > 0)

const inRequests = (
  kinds: readonly RequestKind[],
  answers: readonly ByStatus[],
  is: (kind: RequestKind, status: number) => boolean,
): number =>
  kinds.reduce(
    (sum, kind, index) =>
      Object.entries(answers[index] ?? {}).reduce(
        (inner, [status, count]) => (is(kind, Number(status)) ? inner + count : inner),
        sum,
      ),
    0,
  )

const serverErrors = (answers: ByStatus): number =>
  Object.entries(answers).reduce((sum, [status, count]) => (Number(status) >= 500 ? sum + count : sum), 0)

const votesOf = (
  kinds: readonly RequestKind[],
  answers: readonly ByStatus[],
  unanswered: readonly number[],
): VolleyResult['votes'] => {
  const votes = { sent: 0, throttled: 0, failed: 0 }
  for (const [index, kind] of kinds.entries()) {
    const { 202: accepted = 0, 429: throttled = 0, ...others } = answers[index] ?? {}
    const failed = Object.values(others).reduce((a, b) => a + b, unanswered[index] ?? 0)
    votes.sent += kind.votes * (accepted + throttled + failed)
    votes.throttled += kind.votes * throttled
    votes.failed += kind.votes * failed
  }
  return votes
}

const listed = (
  kinds: readonly RequestKind[],
  answers: readonly ByStatus[],
  unanswered: readonly number[],
): Answers[] => {
  const byName = new Map<string, ByStatus>()
  for (const [index, { name }] of kinds.entries()) {
    const lost = unanswered[index] ?? 0
    const more = { ...answers[index], ...(lost === 0 ? {} : { 'no answer': lost }) }
    byName.set(name, addedUp([byName.get(name) ?? {}, more]))
  }
  return [...byName].flatMap(([name, results]) =>
    Object.entries(results).map(([result, count]) => ({ name, result, count })),
  )
}
