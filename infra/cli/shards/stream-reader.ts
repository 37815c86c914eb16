import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DescribeStreamSummaryCommand, KinesisClient, type Shard } from '@aws-sdk/client-kinesis'
import type { Ledger } from '../../../aggregators/ledger.ts'
import { readLedgers } from '../../../aggregators/ledgers.store.ts'
import { isOpen, listShards } from '../../../ingest/shards.store.ts'
import { tableClock } from '../../../ingest/table-clock.store.ts'
import type { Sample } from '../../../load/shards/heat-finding.ts'
import { rangeShareOf, type ShardReading, type StreamReading } from '../../../load/shards/reading.ts'
import {
  historyUpTo,
  newestEnd,
  type Rhythm,
  type Series,
  trafficAt,
} from '../../../load/shards/reading-rates.ts'
import { countTableClient, type Instance } from '../instance.ts'
import { countedRates } from './counted-rates.ts'
import { sampleShard } from './sample.ts'
import { expectShards } from './set-refusal.ts'
import { readSeries, shardMetricNames } from './stream-series.ts'

/** Reads a stream as `shards -- show` and `watch` show it. */
export type StreamReader = {
  /** Throws `LoadError` while the stream has no shards yet. */
  read(): Promise<StreamReading>
  /** Reads a shard's newest records once, for their partition keys; after a `read`, which tells the time. */
  sample(shardId: string): Promise<Sample>
  close(): void
}

/** The embedded endpoint tells each second; AWS each minute, a minute or two later. */
const localRhythm: Rhythm = { periodMs: 1_000, meanMs: 3_000, historyMs: 60_000, staleMs: 10_000 }
const awsRhythm: Rhythm = { periodMs: 60_000, meanMs: 60_000, historyMs: 900_000, staleMs: 300_000 }

/**
 * Votes come from the ledgers in the count store and not from `GET /stats`: the table is known of every instance, a laptop's
 * and AWS's, the address of its site is not, and no cache lies between.
 */
export const streamReader = (instance: Instance): StreamReader => {
  const isAws = instance.awsEndpoint === undefined
  const rhythm = isAws ? awsRhythm : localRhythm
  const { streamName, tableName } = instance
  const settings = { ...instance.client, maxAttempts: 2 }
  const kinesis = new KinesisClient({ ...settings, requestHandler: { requestTimeout: 10_000 } })
  const cloudWatch = new CloudWatchClient({
    ...settings,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
  const dynamo = countTableClient(instance)
  // Metrics are judged by their age: a laptop's clock that is off would make all of them stale.
  const clock = tableClock(dynamo)

  return {
    read: async () => {
      const { open, ...seen } = await readOpenShards(kinesis, streamName)
      const ids = open.map(({ ShardId = '' }) => ShardId)
      // A query costs money on AWS; where the metrics are off it has no values besides.
      const shardMetrics = !isAws || shardMetricNames.every((name) => seen.metrics.includes(name))
      const ledgers = await readLedgers(dynamo, tableName, ids)
      const now = clock.now()
      const series = await readSeries(cloudWatch, streamName, shardMetrics ? ids : [], rhythm, now)
      // Nothing told and nothing counted lately is silence; nothing told of what was counted is not known.
      const measuredAt =
        newestEnd(series.stream, rhythm, now) ??
        (arrivedSince(ledgers, now - rhythm.staleMs) ? undefined : now)
      const ages = ids.map((_, at) => newest(series.shards[at]?.age))
      const votes = countedRates(ids, ledgers, oldest(ages), now)
      const shards = open.map((shard, at): ShardReading => {
        const own = series.shards[at]
        const isTold = own !== undefined && measuredAt !== undefined
        const range = { start: String(startOf(shard)), end: shard.HashKeyRange?.EndingHashKey ?? '0' }
        const { perSecond = 0, history = [] } = votes[at] ?? {}
        return {
          id: ids[at] ?? '',
          range,
          rangeShare: rangeShareOf(range),
          votesPerSecond: perSecond,
          traffic: isTold ? trafficAt(own, rhythm, measuredAt) : null,
          iteratorAgeMs: ages[at] ?? null,
          history: isTold ? historyUpTo(own.records, rhythm, measuredAt) : history,
        }
      })
      return {
        stream: streamName,
        endpoint: instance.awsEndpoint,
        at: now,
        status: seen.status,
        onDemand: seen.onDemand,
        shards,
        traffic: measuredAt === undefined ? null : trafficAt(series.stream, rhythm, measuredAt),
        measuredMs: rhythm.meanMs,
        measuredAt: measuredAt ?? now,
        shardMetrics,
      }
    },
    sample: (shardId) => sampleShard(kinesis, streamName, shardId, clock.now()),
    close: () => {
      kinesis.destroy()
      cloudWatch.destroy()
      dynamo.destroy()
    },
  }
}

/** The open shards in the order of their hash keys, and what the stream's summary says. */
const readOpenShards = async (kinesis: KinesisClient, StreamName: string) => {
  const { StreamDescriptionSummary: summary } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName }),
  )
  const status = summary?.StreamStatus ?? 'UNKNOWN'
  expectShards({ status, shards: summary?.OpenShardCount ?? 0 }, StreamName)
  const open = (await listShards(kinesis, StreamName)).filter(isOpen)
  return {
    open: open.sort((left, right) => (startOf(left) < startOf(right) ? -1 : 1)),
    status,
    onDemand: summary?.StreamModeDetails?.StreamMode === 'ON_DEMAND',
    metrics: (summary?.EnhancedMonitoring?.[0]?.ShardLevelMetrics ?? []).map(String),
  }
}

const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0)

const newest = (series: Series | undefined): number | null => series?.get(Math.max(...series.keys())) ?? null

const oldest = (ages: readonly (number | null)[]): number | null =>
  ages.reduce((most, age) => (age === null ? most : Math.max(most ?? 0, age)), null)

const arrivedSince = (ledgers: readonly Ledger[], since: number): boolean =>
  ledgers.some(({ lastArrival }) => (lastArrival ?? 0) >= since)
