import type { Traffic } from '../../dashboard/read-model.ts'

/** A metric's values by the start of their period, epoch ms; a period without any is not in it. */
export type Series = ReadonlyMap<number, number>

/** How often a metric is told, and what is made of it; all ms. */
export type Rhythm = {
  periodMs: number
  /** Rates are means over the newest so many. */
  meanMs: number
  /** A sparkline goes so far back. */
  historyMs: number
  /** Values that ended longer ago than this say nothing of now. */
  staleMs: number
}

/** Sums of records, bytes and refused records. */
export type TrafficSeries = { records: Series; bytes: Series; throttled: Series }

/** When the newest whole period ended, epoch ms; `undefined` where there is none that is fresh. */
export const newestEnd = (
  { records, bytes, throttled }: TrafficSeries,
  { periodMs, staleMs }: Rhythm,
  now: number,
): number | undefined => {
  const starts = [...records.keys(), ...bytes.keys(), ...throttled.keys()]
  const end = Math.max(...starts.filter((start) => start + periodMs <= now)) + periodMs
  return end >= now - staleMs ? end : undefined
}

/** Means over the time that ended at `end`. */
export const trafficAt = (series: TrafficSeries, { meanMs }: Rhythm, end: number): Traffic => {
  const perSecond = (values: Series): number => {
    let sum = 0
    for (const [start, value] of values) if (start >= end - meanMs && start < end) sum += value
    return (sum * 1000) / meanMs
  }
  return {
    recordsPerSecond: perSecond(series.records),
    bytesPerSecond: perSecond(series.bytes),
    throttledPerSecond: perSecond(series.throttled),
  }
}

/** Per second of each period up to `end`, oldest first; one without a value had nothing. */
export const historyUpTo = (values: Series, { periodMs, historyMs }: Rhythm, end: number): number[] =>
  Array.from(
    { length: Math.floor(historyMs / periodMs) },
    (_, at) => ((values.get(end - historyMs + at * periodMs) ?? 0) * 1000) / periodMs,
  )
