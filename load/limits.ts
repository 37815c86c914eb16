import type { VolleyReport } from './run.ts'

/** Limits that fail a run; one left out is not asked for. */
export type Limits = {
  /** From a request's scheduled moment to its answer, 99th percentile. */
  maxP99Ms?: number | undefined
  /** Accepted → counted, 99th percentile, as `/stats` tells it. */
  maxCountedP99Ms?: number | undefined
  /** Fraction of the requests sent within 10 ms of their moment. */
  minRateHeld?: number | undefined
}

/** The limits that were not kept, a line each. */
export const brokenLimits = (
  { maxP99Ms, maxCountedP99Ms, minRateHeld }: Limits,
  { volley, verdict }: Pick<VolleyReport, 'volley' | 'verdict'>,
): string[] => {
  const found: string[] = []
  const over = (what: string, ms: number | null, maxMs: number | undefined): void => {
    if (maxMs !== undefined && !(ms !== null && ms <= maxMs))
      found.push(`${what} p99 is ${ms ?? 'unknown'} ms, at most ${maxMs} ms allowed`)
  }
  over('answer', volley.latency.p99, maxP99Ms)
  over('accepted → counted', verdict.acceptedToCounted.p99, maxCountedP99Ms)
  const { rateHeld } = volley.requests
  if (minRateHeld !== undefined && rateHeld < minRateHeld)
    found.push(`only ${rateHeld.toFixed(4)} of the requests were on time, ${minRateHeld} required`)
  return found
}
