import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch'

/** A metric of a stream, or of one of its shards (`AWS/Kinesis`). */
export type WantedMetric = { name: string; shardId?: string; stat: 'Sum' | 'Maximum' }

/** GetMetricData takes so many queries at once. */
const maxQueries = 500

/**
 * The values of each wanted metric by the start of their period, epoch ms, in the order of the wanted. Every metric that is
 * asked costs.
 */
export const readMetrics = async (
  client: CloudWatchClient,
  stream: string,
  wanted: readonly WantedMetric[],
  span: { from: number; to: number; periodMs: number },
): Promise<Map<number, number>[]> => {
  const queries = wanted.map((metric, at) => queryOf(metric, `m${at}`, stream, span.periodMs))
  const calls = Array.from({ length: Math.ceil(queries.length / maxQueries) }, (_, at) =>
    readAtOnce(client, queries.slice(at * maxQueries, (at + 1) * maxQueries), span),
  )
  const found = new Map((await Promise.all(calls)).flat())
  return wanted.map((_, at) => found.get(`m${at}`) ?? new Map())
}

const readAtOnce = async (
  client: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  { from, to }: { from: number; to: number },
): Promise<[string, Map<number, number>][]> => {
  const found = new Map<string, Map<number, number>>()
  const request = { StartTime: new Date(from), EndTime: new Date(to), MetricDataQueries }
  // A series may be cut by the end of a page and go on in the next one.
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, request))
    for (const result of MetricDataResults) addTo(found, result)
  return [...found]
}

const addTo = (found: Map<string, Map<number, number>>, result: MetricDataResult): void => {
  const { Id = '', Timestamps = [], Values = [] } = result
  const series = found.get(Id) ?? new Map<number, number>()
  found.set(Id, series)
  for (const [at, time] of Timestamps.entries()) series.set(time.getTime(), Values[at] ?? 0)
}

const queryOf = (
  { name, shardId, stat }: WantedMetric,
  Id: string,
  stream: string,
  periodMs: number,
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/Kinesis',
      MetricName: name,
      Dimensions: [
        { Name: 'StreamName', Value: stream },
        ...(shardId === undefined ? [] : [{ Name: 'ShardId', Value: shardId }]),
      ],
    },
    Period: periodMs / 1000,
    Stat: stat,
  },
})
