import { action } from '../aws/rpc-service.ts'
import { refusal } from '../aws/service.ts'
import { dataPoints } from './data-points.ts'
import type { MetricName, MetricSource } from './metric.ts'
import { statistics } from './statistics.ts'

export type CloudWatch = { sources: readonly MetricSource[]; now: () => number }

const name = { type: 'string', required: true, minLength: 1, maxLength: 255 } as const

/** A query asks for one statistic of one metric; expressions over several are not simulated. */
const query = {
  type: 'structure',
  members: {
    Id: { ...name, pattern: '[a-z][a-zA-Z0-9_]*' },
    MetricStat: {
      type: 'structure',
      required: true,
      members: {
        Metric: {
          type: 'structure',
          required: true,
          members: {
            Namespace: name,
            MetricName: name,
            Dimensions: {
              type: 'list',
              maxLength: 30,
              member: {
                type: 'structure',
                members: { Name: name, Value: { type: 'string', required: true } },
              },
            },
          },
        },
        Period: { type: 'integer', required: true, min: 1 },
        Stat: { type: 'string', required: true, oneOf: statistics },
      },
    },
  },
} as const

const input = {
  MetricDataQueries: { type: 'list', required: true, maxLength: 500, member: query },
  StartTime: { type: 'timestamp', required: true },
  EndTime: { type: 'timestamp', required: true },
  ScanBy: { type: 'string', oneOf: ['TimestampDescending', 'TimestampAscending'] },
} as const

/**
 * The values of each query, newest first unless `ScanBy` says otherwise; none for a metric that is not known. Any period
 * of whole seconds is answered, where AWS has whole minutes of its services' metrics; everything in one page.
 */
export const getMetricData = action(input, async ({ sources, now }: CloudWatch, wanted) => {
  const span = { from: wanted.StartTime, to: wanted.EndTime }
  if (span.from >= span.to) return refusal('ValidationError', 'StartTime must be less than EndTime.')
  const at = now()
  const MetricDataResults = await Promise.all(
    wanted.MetricDataQueries.map(async ({ Id, MetricStat: { Metric, Period, Stat } }) => {
      const metric = metricOf(sources, {
        namespace: Metric.Namespace,
        name: Metric.MetricName,
        dimensions: Object.fromEntries((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
      })
      const points = metric === undefined ? [] : await dataPoints(metric, span, Period * 1000, Stat, at)
      if (wanted.ScanBy !== 'TimestampAscending') points.reverse()
      return {
        Id,
        Label: Metric.MetricName,
        Timestamps: points.map((point) => point.at / 1000),
        Values: points.map(({ value }) => value),
        StatusCode: 'Complete',
      }
    }),
  )
  return { MetricDataResults, Messages: [] }
})

const metricOf = (sources: readonly MetricSource[], wanted: MetricName) => {
  for (const source of sources) {
    const metric = source(wanted)
    if (metric !== undefined) return metric
  }
  return undefined
}
