import type { Counters } from './counters.ts'
import type { RequestKind } from './kind.ts'
import { latencyHistogram, packHistogram, recordLatency } from './latency.ts'

/** What came of the requests of one thread. Requests are counted, not votes; the arrays are by kind of request. */
export type Outcome = {
  /** Scheduled, up to the end or to the moment when the volley was stopped. */
  due: number
  sent: number
  /** Sent within `onTimeMs` of their moment. */
  onTime: number
  accepted: number[]
  /** Answers by HTTP status. */
  answers: Record<string, number>[]
  /** Sent, but the answer was lost, never came or was a 5xx: stored or not, nobody knows. */
  unknown: number[]
  /** Answers of all kinds by HTTP status. */
  statuses: Record<string, number>
  /** Failures of connections by code, such as `ECONNREFUSED`. */
  connectionErrors: Record<string, number>
  /** From a request's moment to an answer that it may have: a packed histogram. */
  latency: string
  /** When the last answer came, epoch ms; `null` when none did. */
  lastAnswerAt: number | null
}

/** A request sent later than this after its moment counts as late. */
export const onTimeMs = 10

/** Writes down what happens to each request, in `Outcome` and in the counters that the main thread watches. */
export type OutcomeRecorder = {
  /** @param waitedMs how long after its moment the request was sent */
  sent(waitedMs: number): void
  /** @param tookMs from the request's moment to the answer, which came at `at` (epoch ms) */
  answered(kind: number, status: number, tookMs: number, at: number): void
  lost(kind: number): void
  failed(error: Error): void
  /** Requests sent of which nothing was heard yet. */
  underWay(): number
  outcome(): Omit<Outcome, 'due'>
}

export const outcomeRecorder = (kinds: readonly RequestKind[], counters: Counters): OutcomeRecorder => {
  const latency = latencyHistogram()
  /** A row of counters for each kind, a column for each status: nothing is allocated for an answer. */
  const answers = new Uint32Array(kinds.length * statusLimit)
  const unknown = new Array<number>(kinds.length).fill(0)
  const connectionErrors: Record<string, number> = {}
  let sent = 0
  let onTime = 0
  let settled = 0
  let lastAnswerAt: number | null = null
  // A 503 may have been stored all the same: the disk, or on AWS the network, can fail behind the write.
  const isUnknown = (kind: number): void => {
    counters.add('unknown')
    unknown[kind] = (unknown[kind] ?? 0) + 1
  }
  return {
    sent: (waitedMs) => {
      sent += 1
      counters.add('sent')
      if (waitedMs <= onTimeMs) onTime += 1
      else counters.add('late')
    },
    answered: (kind, status, tookMs, at) => {
      settled += 1
      lastAnswerAt = at
      const cell = kind * statusLimit + status
      answers[cell] = (answers[cell] ?? 0) + 1
      counters.add('answered')
      if (status === 202) counters.add('accepted')
      else if (status === 429) counters.add('throttled')
      else if (status >= 500) isUnknown(kind)
      if (kinds[kind]?.expected.includes(status)) recordLatency(latency, tookMs)
    },
    lost: (kind) => {
      settled += 1
      isUnknown(kind)
    },
    failed: (error) => {
      const code = (error as NodeJS.ErrnoException).code ?? error.name
      connectionErrors[code] = (connectionErrors[code] ?? 0) + 1
    },
    underWay: () => sent - settled,
    outcome: () => {
      const byKind = kinds.map((_, kind) =>
        countsByStatus(answers.subarray(kind * statusLimit, (kind + 1) * statusLimit)),
      )
      return {
        sent,
        onTime,
        accepted: byKind.map((counts) => counts[202] ?? 0),
        answers: byKind,
        unknown,
        statuses: addedUp(byKind),
        connectionErrors,
        latency: packHistogram(latency),
        lastAnswerAt,
      }
    },
  }
}

/** An answer's status is below this (response.ts). */
const statusLimit = 600

const countsByStatus = (row: Uint32Array): Record<string, number> => {
  const counts: Record<string, number> = {}
  row.forEach((count, status) => {
    if (count > 0) counts[status] = count
  })
  return counts
}

/** Counts by name, each the sum of those under that name. */
export const addedUp = (counts: readonly Record<string, number>[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const each of counts) for (const [name, n] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + n
  return sums
}
