import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

/** Percentiles in milliseconds; `null` when nothing was measured. */
export type LatencySummary = { count: number } & Record<'p50' | 'p90' | 'p99' | 'max', number | null>

/** A longer wait than a minute is recorded as a minute. */
const maxMicroseconds = 60_000_000

/** Latencies in whole microseconds, exact to three digits, in bounded memory. */
export const latencyHistogram = (): Histogram =>
  build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: maxMicroseconds,
    numberOfSignificantValueDigits: 3,
  })

export const recordLatency = (histogram: Histogram, ms: number): void =>
  histogram.recordValue(Math.min(maxMicroseconds, Math.max(1, Math.round(ms * 1_000))))

/** A histogram as text, in HdrHistogram's own format, to cross threads. */
export const packHistogram = (histogram: Histogram): string => encodeIntoCompressedBase64(histogram)

/** The latencies of all threads together, packed as theirs are. */
export const mergeHistograms = (packed: readonly string[]): string => {
  const all = latencyHistogram()
  for (const text of packed) all.add(decodeFromCompressedBase64(text))
  return packHistogram(all)
}

export const summarise = (packed: string): LatencySummary => {
  const { totalCount } = decodeFromCompressedBase64(packed)
  const at = (percent: number) => latencyPercentile(packed, percent)
  return { count: totalCount, p50: at(50), p90: at(90), p99: at(99), max: at(100) }
}

/** The latency, in ms, that `percent` of the answers did not exceed; `null` when nothing was measured. */
export const latencyPercentile = (packed: string, percent: number): number | null => {
  const all = decodeFromCompressedBase64(packed)
  if (all.totalCount === 0) return null
  return (percent === 100 ? all.maxValue : all.getValueAtPercentile(percent)) / 1_000
}

/** The text that HdrHistogram's plotters read (`.hgrm`), in milliseconds. */
export const hgrm = (packed: string): string =>
  decodeFromCompressedBase64(packed).outputPercentileDistribution(5, 1_000)
