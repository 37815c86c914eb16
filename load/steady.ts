import type { Run } from './comparison.ts'
import { complaint } from './comparison.ts'
import { type Patience, reconcile, type Surroundings, takeBaseline, type Verdict } from './reconcile.ts'
import type { Progress } from './volley/counters.ts'
import type { VolleyResult } from './volley/result.ts'
import { startVolley, type VolleySpec } from './volley/volley.ts'

/** Limits that fail a run; one left out is not asked for. */
export type Thresholds = {
  /** From a vote's scheduled moment to its 202, 99th percentile. */
  maxP99Ms?: number | undefined
  /** Accepted → counted, 99th percentile, as `/stats` tells it. */
  maxCountedP99Ms?: number | undefined
  /** Fraction of the requests sent within 10 ms of their moment. */
  minRateHeld?: number | undefined
}

export type SteadyReport = {
  spec: VolleySpec
  volley: VolleyResult
  verdict: Verdict
  /** Why the run failed, a line each; empty when it passed. The count comes first. */
  failures: string[]
}

/** What a steady run tells and asks while it lasts. */
export type SteadyEvents = {
  /** The volley has begun; `stop` ends it early, and what was sent is still reconciled. */
  started(stop: () => void, progress: () => Progress): void
  /** All votes are answered or lost; the count is awaited. */
  sent(result: VolleyResult): void
}

/** The steady scenario: one rate, held to the end; then the count must equal what was accepted. */
export const steady = async (
  spec: VolleySpec,
  thresholds: Thresholds,
  surroundings: Surroundings,
  patience: Patience,
  events: SteadyEvents,
): Promise<SteadyReport> => {
  const baseline = await takeBaseline(surroundings.reader)
  const under = startVolley(spec)
  events.started(under.stop, under.progress)
  const volley = await under.result
  events.sent(volley)
  const run: Run = volley
  const verdict = await reconcile(run, baseline, surroundings, patience)
  return { spec, volley, verdict, failures: failures(volley, verdict, thresholds) }
}

const failures = (volley: VolleyResult, verdict: Verdict, thresholds: Thresholds): string[] => {
  const found = verdict.comparisons.map(complaint).filter((line) => line !== undefined)
  if (volley.acceptedVotes === 0) found.push('not one vote was accepted')
  const over = (what: string, ms: number | null, maxMs: number | undefined): void => {
    if (maxMs !== undefined && !(ms !== null && ms <= maxMs))
      found.push(`${what} p99 is ${ms ?? 'unknown'} ms, at most ${maxMs} ms allowed`)
  }
  over('answer', volley.latency.p99, thresholds.maxP99Ms)
  over('accepted → counted', verdict.acceptedToCounted.p99, thresholds.maxCountedP99Ms)
  const { minRateHeld } = thresholds
  if (minRateHeld !== undefined && volley.requests.rateHeld < minRateHeld)
    found.push(
      `only ${volley.requests.rateHeld.toFixed(4)} of the requests were on time, ${minRateHeld} required`,
    )
  return found
}
