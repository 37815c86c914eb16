import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { Traffic } from './read-model.ts'
import { type Reading, type StreamTraffic, streamTraffic } from './traffic.ts'

export type TrafficSettings = {
  stream: string
  periodSeconds: number
  /** Whether the stream has metrics of each shard. */
  shardMetrics: boolean
}

/** What one GetMetricData may ask. */
const maxQueries = 500

/** Kinesis publishes once a minute, and some time later: how many periods back the newest one may lie. */
const periodsBack = 5

const metricNames: Readonly<Record<keyof Traffic, string>> = {
  recordsPerSecond: 'IncomingRecords',
  bytesPerSecond: 'IncomingBytes',
  throttledPerSecond: 'WriteProvisionedThroughputExceeded',
}

/**
 * Reads what producers sent to a stream from CloudWatch: the throttles of the whole stream, and with shard metrics three
 * metrics for each of the shards. Every metric that is asked costs.
 */
export const trafficReader =
  (cloudWatch: CloudWatchClient, settings: TrafficSettings, now: () => number) =>
  async (shardIds: readonly string[]): Promise<StreamTraffic> => {
    const { periodSeconds, shardMetrics } = settings
    const periodMs = periodSeconds * 1000
    // The period that runs is not over.
    const end = Math.floor(now() / periodMs) * periodMs
    const readings: Omit<Reading, 'sums'>[] = [{ rate: 'throttledPerSecond' }]
    if (shardMetrics)
      for (const shardId of shardIds) for (const rate of rates) readings.push({ shardId, rate })

    const found: Reading[] = []
    for (let first = 0; first < readings.length; first += maxQueries) {
      const page = readings.slice(first, first + maxQueries)
      const { MetricDataResults = [] } = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(end - periodsBack * periodMs),
          EndTime: new Date(end),
          ScanBy: 'TimestampDescending',
          MetricDataQueries: page.map((reading, index) => queryOf(reading, `q${index}`, settings)),
        }),
      )
      const results = new Map(MetricDataResults.map((result) => [result.Id, result]))
      for (const [index, reading] of page.entries()) {
        const { Timestamps = [], Values = [] } = results.get(`q${index}`) ?? {}
        found.push({ ...reading, sums: new Map(Timestamps.map((at, n) => [at.getTime(), Values[n] ?? 0])) })
      }
    }
    return streamTraffic(found, periodSeconds)
  }

const rates = ['recordsPerSecond', 'bytesPerSecond', 'throttledPerSecond'] as const

const queryOf = (
  { shardId, rate }: Omit<Reading, 'sums'>,
  Id: string,
  { stream, periodSeconds }: TrafficSettings,
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/Kinesis',
      MetricName: metricNames[rate],
      Dimensions: [
        { Name: 'StreamName', Value: stream },
        ...(shardId === undefined ? [] : [{ Name: 'ShardId', Value: shardId }]),
      ],
    },
    Period: periodSeconds,
    Stat: 'Sum',
  },
})
