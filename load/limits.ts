import type { VolleyReport } from './run.ts'

/** Limits that fail a run; one left out is not asked for. */
export type Limits = {
  /** From a request's scheduled moment to its answer, 99th percentile. */
  maxP99Ms?: number | undefined
  /** Accepted → counted, 99th percentile, as `/stats` tells it. */
  maxCountedP99Ms?: number | undefined
  /** Fraction of the requests sent within 10 ms of their moment. */
  minRateHeld?: number | undefined
  /** Votes accepted per second, as a fraction of those that the schedule has; of a run that was not stopped early. */
  minAcceptedRate?: number | undefined
  /** From the last answer to a scoreboard that is final; of a poll that the run has closed. */
  maxFinalMs?: number | undefined
}

/** The limits that were not kept, a line each. */
export const brokenLimits = (
  { maxP99Ms, maxCountedP99Ms, minRateHeld, minAcceptedRate, maxFinalMs }: Limits,
  { volley, verdict }: Pick<VolleyReport, 'volley' | 'verdict'>,
): string[] => {
  const found: string[] = []
  const over = (what: string, ms: number | null, maxMs: number | undefined): void => {
    if (maxMs !== undefined && !(ms !== null && ms <= maxMs))
      found.push(`${what} p99 is ${ms ?? 'unknown'} ms, at most ${maxMs} ms allowed`)
  }
  over('answer', volley.latency.p99, maxP99Ms)
  over('accepted → counted', verdict.acceptedToCounted.p99, maxCountedP99Ms)
  const { acceptedPerSecond, scheduledPerSecond } = volley
  const { rateHeld, due, scheduled } = volley.requests
  if (minRateHeld !== undefined && rateHeld < minRateHeld)
    found.push(`only ${rateHeld.toFixed(4)} of the requests were on time, ${minRateHeld} required`)
  const acceptedRate = acceptedPerSecond / scheduledPerSecond
  if (minAcceptedRate !== undefined && due === scheduled && acceptedRate < minAcceptedRate)
    found.push(
      `only ${Math.floor(acceptedPerSecond)} votes/s were accepted, ${acceptedRate.toFixed(4)} of the scheduled ${Math.round(scheduledPerSecond)}; ${minAcceptedRate} required`,
    )
  const { final } = verdict
  if (maxFinalMs !== undefined && final !== null && !(final.afterMs !== null && final.afterMs <= maxFinalMs))
    found.push(
      `final ${final.afterMs === null ? 'unknown' : Math.ceil(final.afterMs)} ms after the last answer, at most ${maxFinalMs} ms allowed`,
    )
  return found
}
