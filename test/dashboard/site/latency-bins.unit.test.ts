import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LatencyBucket, StageLatency } from '../../../dashboard/read-model.ts'
import { binBorders, latencyBins } from '../../../dashboard/site/model/latency-bins.ts'

const stage = (buckets: LatencyBucket[]): StageLatency => ({
  count: buckets.reduce((sum, bucket) => sum + bucket.count, 0),
  p50: 0,
  p90: 0,
  p99: 0,
  p999: 0,
  max: 0,
  clamped: 0,
  buckets,
})

const latency = (stored: LatencyBucket[], counted: LatencyBucket[] = []) => ({
  acceptedToStored: stage(stored),
  storedToCounted: stage(counted),
  acceptedToCounted: stage([]),
})

describe('latency bins', () => {
  test('borders rise, up to the hour at which latencies are clamped', () => {
    expect(binBorders).toEqual([...new Set(binBorders)].toSorted((a, b) => a - b))
    expect(binBorders.at(-1)).toBeGreaterThanOrEqual(3_600_000)
  })

  test('a bucket goes into the bin that holds its upper end', () => {
    const { borders, labels, counts } = latencyBins(
      latency([
        { upTo: 40, count: 1 },
        { upTo: 41, count: 2 },
        { upTo: 50, count: 4 },
      ]),
    )
    expect(borders).toEqual([40, 50])
    expect(labels).toEqual(['40 ms', '50 ms'])
    expect(counts.acceptedToStored).toEqual([1, 6])
  })

  test('the stages share one axis, from the lowest to the highest latency of any of them', () => {
    const { borders, counts } = latencyBins(latency([{ upTo: 2, count: 1 }], [{ upTo: 5, count: 7 }]))
    expect(borders).toEqual([2, 3, 4, 5])
    expect(counts).toEqual({
      acceptedToStored: [1, 0, 0, 0],
      storedToCounted: [0, 0, 0, 7],
      acceptedToCounted: [0, 0, 0, 0],
    })
  })

  test('no votes, no bins', () => {
    expect(latencyBins(latency([])).borders).toEqual([])
  })

  test('every vote is in exactly one bin, also one clamped at the border', () => {
    const buckets = fc.array(fc.record({ upTo: fc.nat(4_100_000), count: fc.nat(1_000) }))
    fc.assert(
      fc.property(buckets, buckets, (stored, counted) => {
        const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
        const bins = latencyBins(latency(stored, counted))
        expect(sum(bins.counts.acceptedToStored)).toBe(stage(stored).count)
        expect(sum(bins.counts.storedToCounted)).toBe(stage(counted).count)
        expect(bins.counts.acceptedToStored).toHaveLength(bins.labels.length)
      }),
    )
  })
})
