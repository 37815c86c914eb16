import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { Traffic } from './read-model.ts'
import { readMetrics, type WantedMetric } from './stream-metrics.store.ts'
import { type Reading, type StreamTraffic, streamTraffic } from './traffic.ts'

export type TrafficSettings = {
  stream: string
  periodSeconds: number
  /** Whether the stream has metrics of each shard. */
  shardMetrics: boolean
}

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

    const wanted = readings.map(({ shardId, rate }): WantedMetric => {
      const metric = { name: metricNames[rate], stat: 'Sum' } as const
      return shardId === undefined ? metric : { ...metric, shardId }
    })
    const span = { from: end - periodsBack * periodMs, to: end, periodMs }
    const sums = await readMetrics(cloudWatch, settings.stream, wanted, span)
    return streamTraffic(
      readings.map((reading, at) => ({ ...reading, sums: sums[at] ?? new Map() })),
      periodSeconds,
    )
  }

const rates = ['recordsPerSecond', 'bytesPerSecond', 'throttledPerSecond'] as const
