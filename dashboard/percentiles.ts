import type { Histogram } from 'hdr-histogram-js'
import { type LedgerLatency, mergeLatency } from '../aggregators/latency.ts'
import type { LatencyStage } from '../aggregators/latency-stage.ts'
import type { LatencyBucket, Percentiles, StageLatency } from './read-model.ts'

/** Percentiles of accepted → counted over some ledgers, in ms; zeros where nothing was counted. */
export const totalLatency = (ledgers: readonly { latency: LedgerLatency }[]): Percentiles =>
  percentiles(mergeLatency(latenciesOf(ledgers), 'acceptedToCounted').histogram)

/** Every stage, with its buckets. */
export const stageLatencies = (
  ledgers: readonly { latency: LedgerLatency }[],
): Record<LatencyStage, StageLatency> => {
  const all = latenciesOf(ledgers)
  const view = (stage: LatencyStage): StageLatency => {
    const { histogram, clamped } = mergeLatency(all, stage)
    return { ...percentiles(histogram), clamped, buckets: buckets(histogram) }
  }
  return {
    acceptedToStored: view('acceptedToStored'),
    storedToCounted: view('storedToCounted'),
    acceptedToCounted: view('acceptedToCounted'),
  }
}

const latenciesOf = (ledgers: readonly { latency: LedgerLatency }[]): LedgerLatency[] =>
  ledgers.map(({ latency }) => latency)

const percentiles = (histogram: Histogram): Percentiles => {
  const count = histogram.totalCount
  const at = (percentile: number): number => (count === 0 ? 0 : histogram.getValueAtPercentile(percentile))
  return {
    count,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: count === 0 ? 0 : histogram.maxValue,
  }
}

/** What hdr-histogram-js gives beside its published `Histogram` type: the buckets that hold anything, ascending. */
type RecordedValues = {
  recordedValuesIterator: {
    reset(): void
    hasNext(): boolean
    next(): { valueIteratedTo: number; countAddedInThisIterationStep: number }
  }
}

/** The histogram's own recorded buckets: differences of two readings are the histogram of the time between. */
const buckets = (histogram: Histogram): LatencyBucket[] => {
  const { recordedValuesIterator: recorded } = histogram as Histogram & RecordedValues
  recorded.reset()
  const found: LatencyBucket[] = []
  while (recorded.hasNext()) {
    const { valueIteratedTo, countAddedInThisIterationStep } = recorded.next()
    found.push({ upTo: valueIteratedTo, count: countAddedInThisIterationStep })
  }
  return found
}
