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

/** The latencies of all threads together. */
export const summarise = (packed: readonly string[]): LatencySummary => {
  const all = latencyHistogram()
  for (const text of packed) all.add(decodeFromCompressedBase64(text))
  const ms = (microseconds: number) => (all.totalCount === 0 ? null : microseconds / 1_000)
  return {
    count: all.totalCount,
    p50: ms(all.getValueAtPercentile(50)),
    p90: ms(all.getValueAtPercentile(90)),
    p99: ms(all.getValueAtPercentile(99)),
    max: ms(all.maxValue),
  }
}
