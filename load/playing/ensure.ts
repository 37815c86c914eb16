import { latencyPercentile } from '../volley/latency.ts'
import type { VolleyResult } from '../volley/result.ts'
import { mapping, type Place, quantity, text } from './mapping.ts'

/** A limit that fails a run, on one of Artillery's metrics. */
export type Threshold = { metric: string; operator: Operator; limit: number }

const operators = {
  '<=': (found: number, limit: number) => found <= limit,
  '>=': (found: number, limit: number) => found >= limit,
  '==': (found: number, limit: number) => found === limit,
  '<': (found: number, limit: number) => found < limit,
  '>': (found: number, limit: number) => found > limit,
}
type Operator = keyof typeof operators

/** Percentiles of `http.response_time` by Artillery's names. */
const percents: Record<string, number> = {
  median: 50,
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  p999: 99.9,
  max: 100,
}

/** The thresholds and conditions of an `ensure`; tells of those that volley cannot judge. Throws `LoadError` for no such thing. */
export const parseThresholds = (value: unknown, at: Place, leaveOut: (what: string) => void): Threshold[] => {
  const { thresholds = [], conditions = [], ...others } = mapping(value ?? {}, at)
  for (const name of Object.keys(others)) leaveOut(`ensure.${name}`)
  const limits = [thresholds].flat().flatMap((one) =>
    Object.entries(mapping(one, at.in('thresholds'))).map(
      ([metric, limit]): Threshold => ({
        metric,
        operator: '<=',
        limit: quantity(limit, at.in(`thresholds.${metric}`)),
      }),
    ),
  )
  const expressions = [conditions]
    .flat()
    .flatMap((one) => parseExpression(text(mapping(one, at).expression, at.in('conditions')), leaveOut))
  return [...limits, ...expressions].filter(({ metric }) => {
    const known = isKnown(metric)
    if (!known) leaveOut(`the threshold on ${metric}`)
    return known
  })
}

/** Comparisons of a metric with a number, joined by `and`; of anything else volley says that it leaves it out. */
const parseExpression = (expression: string, leaveOut: (what: string) => void): Threshold[] => {
  const parts = expression.split(/\s+and\s+/).map((part) => {
    const [, metric, operator, limit] =
      /^([\w. ]*\w)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? []
    return metric === undefined ? undefined : { metric, operator: operator as Operator, limit: Number(limit) }
  })
  if (parts.every((part) => part !== undefined)) return parts
  leaveOut(`the condition ${expression}`)
  return []
}

/**
 * What was missed, a line each. A least count is held to the part of the run that was played.
 *
 * @param played 1 for the whole scenario at its own rates; less with `--scale`, or when it was stopped early
 */
export const missedThresholds = (
  thresholds: readonly Threshold[],
  result: VolleyResult,
  played: number,
): string[] =>
  thresholds.flatMap(({ metric, operator, limit }) => {
    const isLeastCount = operator.startsWith('>') && !metric.startsWith(responseTime)
    const wanted = isLeastCount ? limit * Math.min(1, played) : limit
    const found = metricOf(metric, result)
    if (found !== undefined && operators[operator](found, wanted)) return []
    const scaled = wanted === limit ? '' : ` (${limit} × ${played.toFixed(3)})`
    return [`${metric} is ${found ?? 'unknown'}, ${operator} ${wanted} required${scaled}`]
  })

const responseTime = 'http.response_time.'

const counts: Record<string, (result: VolleyResult) => number> = {
  'http.requests': ({ requests }) => requests.sent,
  'http.responses': ({ requests }) => sum(requests.statuses),
  'vusers.created': ({ requests }) => requests.sent,
  'vusers.completed': ({ requests }) => sum(requests.statuses),
  /** Requests without an answer, or with one that its request must not have. */
  'vusers.failed': ({ requests }) => requests.unexpected + requests.unknown,
  'plugins.expect.ok': ({ requests }) => requests.expected,
  'plugins.expect.failed': ({ requests }) => requests.unexpected,
}

const isKnown = (metric: string): boolean =>
  Object.hasOwn(counts, metric) ||
  /^http\.codes\.\d{3}$/.test(metric) ||
  (metric.startsWith(responseTime) && Object.hasOwn(percents, metric.slice(responseTime.length)))

const metricOf = (metric: string, result: VolleyResult): number | undefined => {
  const percent = percents[metric.slice(responseTime.length)]
  if (metric.startsWith(responseTime) && percent !== undefined)
    return latencyPercentile(result.histogram, percent) ?? undefined
  const code = /^http\.codes\.(\d{3})$/.exec(metric)?.[1]
  return code === undefined ? counts[metric]?.(result) : (result.requests.statuses[code] ?? 0)
}

const sum = (byName: Record<string, number>): number => Object.values(byName).reduce((a, b) => a + b, 0)
