import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'
import type { LatencyStage } from './latency-stage.ts'

/** An HDR histogram in its standard compressed encoding; `clamped` votes lay outside 0–1 h and count at that border. */
export type EncodedLatency = { histogram: string; clamped: number }
export type LedgerLatency = Partial<Record<LatencyStage, EncodedLatency>>

export type Latency = { histogram: Histogram; clamped: number }

/** The longest latency told apart, in ms: one hour. */
export const maxLatencyMs = 3_600_000

const emptyLatency = (): Latency => ({
  histogram: build({ highestTrackableValue: maxLatencyMs, numberOfSignificantValueDigits: 2 }),
  clamped: 0,
})

const decode = ({ histogram, clamped }: EncodedLatency): Latency => ({
  histogram: decodeFromCompressedBase64(histogram) as Histogram,
  clamped,
})

export const encodeLatency = ({ histogram, clamped }: Latency): EncodedLatency => ({
  histogram: encodeIntoCompressedBase64(histogram),
  clamped,
})

/** One stage's sum over any number of ledgers; only that stage is decoded. */
export const mergeLatency = (all: readonly LedgerLatency[], stage: LatencyStage): Latency => {
  const total = emptyLatency()
  for (const encoded of all) {
    const kept = encoded[stage]
    if (kept === undefined) continue
    total.histogram.add(decode(kept).histogram)
    total.clamped += kept.clamped
  }
  return total
}

/** Votes by latency in ms, of one batch: so each latency goes into a histogram once, however many votes had it. */
export type LatencyCounts = Record<LatencyStage, Map<number, number>>

export const noLatencies = (): LatencyCounts => byStage(() => new Map<number, number>())

/** Counts `votes` votes that went one way together; times in epoch ms. */
export const countLatency = (
  { acceptedToStored, storedToCounted, acceptedToCounted }: LatencyCounts,
  times: { accepted: number; stored: number; counted: number },
  votes: number,
): void => {
  increaseAt(acceptedToStored, times.stored - times.accepted, votes)
  increaseAt(storedToCounted, times.counted - times.stored, votes)
  increaseAt(acceptedToCounted, times.counted - times.accepted, votes)
}

const increaseAt = (counts: Map<number, number>, ms: number, votes: number): void => {
  counts.set(ms, (counts.get(ms) ?? 0) + votes)
}

/** A ledger's histograms with these votes added; a stage that has none yet begins empty. */
export const addLatencies = (encoded: LedgerLatency, counts: LatencyCounts): LedgerLatency =>
  byStage((stage) => {
    const kept = encoded[stage]
    const latency = kept ? decode(kept) : emptyLatency()
    for (const [ms, votes] of counts[stage]) record(latency, ms, votes)
    return encodeLatency(latency)
  })

/**
 * Clocks of gateway, stream and aggregator are not the same one on AWS, so a step can seem negative; it is clamped, and
 * counted as such.
 */
const record = (latency: Latency, ms: number, votes: number): void => {
  const clamped = Math.min(Math.max(Math.round(ms), 0), maxLatencyMs)
  if (clamped !== Math.round(ms)) latency.clamped += votes
  latency.histogram.recordValueWithCount(clamped, votes)
}

const byStage = <T>(make: (stage: LatencyStage) => T): Record<LatencyStage, T> => ({
  acceptedToStored: make('acceptedToStored'),
  storedToCounted: make('storedToCounted'),
  acceptedToCounted: make('acceptedToCounted'),
})
