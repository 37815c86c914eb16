import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { type AggregatePorts, aggregate } from './aggregate.ts'
import { batchReport } from './batch-report.ts'
import type { CountStore } from './count-store.ts'
import { type TumblingWindowEvent, type TumblingWindowResponse, toArrivedRecords } from './kinesis-event.ts'
import type { Ledger } from './ledger.ts'
import { metricNames } from './metric-names.ts'
import { pollCache } from './poll-cache.ts'
import { forEachByPowertools } from './powertools-fold.ts'

/** Lambda ends a window early when its state is over 1 MB; ours is a cache, so it is left out well before. */
const maxStateBytes = 900_000

export type AggregateHandler = (event: TumblingWindowEvent) => Promise<TumblingWindowResponse>

/**
 * The aggregator as Lambda calls it, over any count store: it pre-sums a batch of votes and counts it exactly once.
 *
 * @param retentionMs for how long the stream keeps a record
 * @returns a handler that throws only when the count store fails
 */
export const aggregateHandler = (store: CountStore, retentionMs: number): AggregateHandler => {
  const report = reporter()
  const ports: AggregatePorts = {
    store,
    polls: pollCache(store, Date.now),
    now: Date.now,
    retentionMs,
    forEach: forEachByPowertools,
  }
  return async (event) => {
    const { shardId, Records, window, isFinalInvokeForWindow } = event
    const invocation = {
      shardId,
      window: { start: Date.parse(window.start), end: Date.parse(window.end) },
      records: toArrivedRecords(Records),
      isFinal: isFinalInvokeForWindow,
      cached: cachedLedger(event),
    }
    let before = invocation.cached
    const readLedger: typeof store.readLedger = async (id) => {
      before = await store.readLedger(id)
      return before
    }
    const ledger = await aggregate(invocation, { ...ports, store: { ...store, readLedger } })
    report(before, ledger, Records.length)
    const state = { ledger }
    return { state: JSON.stringify(state).length > maxStateBytes ? {} : state, batchItemFailures: [] }
  }
}

/** The ledger that the window's last invocation put; a cache, proved by the condition of the next put. */
const cachedLedger = ({ state, shardId }: TumblingWindowEvent): Ledger | undefined => {
  const ledger = state?.ledger as Ledger | undefined
  return ledger?.shardId === shardId ? ledger : undefined
}

/** `before`: the ledger that the invocation began, or began again, with. */
type Report = (before: Ledger | undefined, after: Ledger, records: number) => void

const reporter = (): Report => {
  const logger = new Logger({ serviceName: 'aggregate' })
  const metrics = new Metrics({ serviceName: 'aggregate' })
  const names = metricNames.aggregate
  return (before, after, records) => {
    const { counted, rejected, acceptedToCountedP99 } = batchReport(before, after)
    if (counted + rejected === 0) return
    const { shardId, revision } = after
    logger.debug('batch counted', { shardId, records, revision })
    metrics.addMetric(names.counted, MetricUnit.Count, counted)
    metrics.addMetric(names.rejected, MetricUnit.Count, rejected)
    if (acceptedToCountedP99 !== null)
      metrics.addMetric(names.acceptedToCountedP99, MetricUnit.Milliseconds, acceptedToCountedP99)
    metrics.publishStoredMetrics()
  }
}
