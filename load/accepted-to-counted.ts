import type { LatencyBucket } from '../dashboard/read-model.ts'
import { LoadError } from './load-error.ts'

/**
 * The accepted → counted latencies of a run: what `/stats` shows after it less what it showed before. It covers every
 * poll, since `/stats` does.
 *
 * @throws LoadError when a bucket has shrunk, which only happens when the two come from different instances
 */
export const bucketsBetween = (
  before: readonly LatencyBucket[],
  after: readonly LatencyBucket[],
): LatencyBucket[] => {
  const earlier = new Map(before.map(({ upTo, count }) => [upTo, count]))
  const grown = after.map(({ upTo, count }) => {
    const more = count - (earlier.get(upTo) ?? 0)
    earlier.delete(upTo)
    return { upTo, count: more }
  })
  const lost = grown.find(({ count }) => count < 0)?.upTo ?? earlier.keys().next().value
  if (lost !== undefined)
    throw new LoadError(`/stats counts fewer latencies up to ${lost} ms than before: is it another instance?`)
  return grown.filter(({ count }) => count > 0)
}

/** The latency, in ms, that `percent` of the votes did not exceed, to the width of a bucket; `null` without votes. */
export const bucketPercentile = (buckets: readonly LatencyBucket[], percent: number): number | null => {
  const wanted = (buckets.reduce((sum, { count }) => sum + count, 0) * percent) / 100
  let seen = 0
  for (const { upTo, count } of buckets) {
    seen += count
    if (seen >= wanted) return upTo
  }
  return null
}
