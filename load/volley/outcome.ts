import type { Counters } from './counters.ts'
import { latencyHistogram, packHistogram, recordLatency } from './latency.ts'

/** What came of the requests of one thread. Requests are counted, not votes; the arrays are by kind of request. */
export type Outcome = {
  /** Scheduled, up to the end or to the moment when the volley was stopped. */
  due: number
  sent: number
  /** Sent within `onTimeMs` of their moment. */
  onTime: number
  accepted: number[]
  /** Sent, but the answer was lost, never came or was a 5xx: stored or not, nobody knows. */
  unknown: number[]
  /** Answers by HTTP status. */
  statuses: Record<string, number>
  /** Failures of connections by code, such as `ECONNREFUSED`. */
  connectionErrors: Record<string, number>
  /** From a request's moment to its 202: a packed histogram. */
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

export const outcomeRecorder = (kinds: number, counters: Counters): OutcomeRecorder => {
  const latency = latencyHistogram()
  const accepted = new Array<number>(kinds).fill(0)
  const unknown = new Array<number>(kinds).fill(0)
  const statuses: Record<string, number> = {}
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
      statuses[status] = (statuses[status] ?? 0) + 1
      counters.add('answered')
      if (status === 429) counters.add('throttled')
      if (status >= 500) isUnknown(kind)
      if (status !== 202) return
      counters.add('accepted')
      accepted[kind] = (accepted[kind] ?? 0) + 1
      recordLatency(latency, tookMs)
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
    outcome: () => ({
      sent,
      onTime,
      accepted,
      unknown,
      statuses,
      connectionErrors,
      latency: packHistogram(latency),
      lastAnswerAt,
    }),
  }
}
