import type { Metric } from './metric.ts'
import { type Statistic, statisticOf } from './statistics.ts'

/** A value of the period that begins `at`, epoch ms. */
export type DataPoint = { at: number; value: number }

/** Epoch ms, `[from, to)`. */
export type Span = { from: number; to: number }

/**
 * A metric's values, oldest first, of the periods that begin within the span; periods are aligned to the epoch, and the
 * span's start is rounded down to one (AWS: to a whole minute). The period that is not over yet is left out, and so is
 * one that was not measured whole. A momentary metric has one value, told as that of the newest whole period, so that it
 * stands beside the others.
 */
export const dataPoints = async (
  metric: Metric,
  { from, to }: Span,
  periodMs: number,
  statistic: Statistic,
  now: number,
): Promise<DataPoint[]> => {
  const floor = (time: number): number => Math.floor(time / periodMs) * periodMs
  const start = floor(from)
  if (metric.kind === 'momentary') {
    const at = floor(now) - periodMs
    if (at < start || at >= to) return []
    const value = await metric.value()
    return [{ at, value: statisticOf(statistic, { count: 1, sum: value, max: value }) ?? value }]
  }
  const points: DataPoint[] = []
  // Rounded up: a span may begin long before anything is known.
  let at = Math.max(start, Math.ceil(metric.knownFrom(now) / periodMs) * periodMs)
  for (; at < to && at + periodMs <= now; at += periodMs) {
    const value = statisticOf(statistic, metric.during(at, at + periodMs))
    if (value !== undefined) points.push({ at, value })
  }
  return points
}
