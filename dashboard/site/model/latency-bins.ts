import type { LatencyBucket, Stats } from '../../read-model.ts'
import { latencyText } from './figures.ts'

/** The legs of a vote's way that the server measures. */
export type Stage = keyof Stats['latency']

export const stages: readonly Stage[] = ['acceptedToStored', 'storedToCounted', 'acceptedToCounted']

export const stageTitle: Record<Stage, string> = {
  acceptedToStored: 'Accepted → stored',
  storedToCounted: 'Stored → counted',
  acceptedToCounted: 'Accepted → counted',
}

/** Upper borders, ms: about ten a decade, evenly spaced on a logarithmic axis, up to the clamp of one hour. */
export const binBorders: readonly number[] = [
  ...[1, 2, 3, 4, 5, 6, 8],
  ...[10, 100, 1_000, 10_000, 100_000].flatMap((decade) =>
    [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8].map((step) => Math.round(step * decade)),
  ),
  ...[1_000_000, 1_250_000, 1_600_000, 2_000_000, 2_500_000, 3_150_000, 4_000_000],
]

/** One histogram: `counts[i]` votes took at most `borders[i]` ms, and more than the border before it. */
export type LatencyBins = {
  borders: number[]
  labels: string[]
  counts: Record<Stage, number[]>
}

/**
 * The stages' buckets on one common axis, cut to the range in which any stage has votes, so that the charts can be compared.
 * An HDR bucket is a hundredth wide at most, so it goes whole into the bin of its upper end.
 */
export const latencyBins = (latency: Stats['latency']): LatencyBins => {
  const counts = {
    acceptedToStored: binned(latency.acceptedToStored.buckets),
    storedToCounted: binned(latency.storedToCounted.buckets),
    acceptedToCounted: binned(latency.acceptedToCounted.buckets),
  }
  const used = binBorders.flatMap((_, i) => (stages.some((stage) => (counts[stage][i] ?? 0) > 0) ? i : []))
  const [first, last] = [used[0] ?? 0, used.at(-1) ?? -1]
  const cut = <T>(all: readonly T[]): T[] => all.slice(first, last + 1)
  const borders = cut(binBorders)
  return {
    borders,
    labels: borders.map(latencyText),
    counts: {
      acceptedToStored: cut(counts.acceptedToStored),
      storedToCounted: cut(counts.storedToCounted),
      acceptedToCounted: cut(counts.acceptedToCounted),
    },
  }
}

const binned = (buckets: readonly LatencyBucket[]): number[] => {
  const counts = binBorders.map(() => 0)
  for (const { upTo, count } of buckets) {
    const found = binBorders.findIndex((border) => upTo <= border)
    const bin = found === -1 ? counts.length - 1 : found
    counts[bin] = (counts[bin] ?? 0) + count
  }
  return counts
}
