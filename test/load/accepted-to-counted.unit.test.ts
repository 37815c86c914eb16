import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketPercentile, bucketsBetween } from '../../load/accepted-to-counted.ts'

test('the latencies of a run are what the histogram has gained', () => {
  const before = [
    { upTo: 10, count: 5 },
    { upTo: 20, count: 1 },
  ]
  const after = [
    { upTo: 10, count: 5 },
    { upTo: 20, count: 4 },
    { upTo: 35, count: 2 },
  ]
  expect(bucketsBetween(before, after)).toEqual([
    { upTo: 20, count: 3 },
    { upTo: 35, count: 2 },
  ])
})

test('a histogram that has lost anything comes from another instance', () => {
  expect(() => bucketsBetween([{ upTo: 10, count: 5 }], [{ upTo: 10, count: 4 }])).toThrow(/up to 10 ms/)
  expect(() => bucketsBetween([{ upTo: 10, count: 5 }], [{ upTo: 20, count: 9 }])).toThrow(/up to 10 ms/)
})

test('a percentile is the bucket in which the wanted vote lies, as sorting all votes would tell', () => {
  const bucketsOf = fc
    .uniqueArray(fc.integer({ min: 1, max: 3_600_000 }), { minLength: 1, maxLength: 20 })
    .chain((limits) =>
      fc.tuple(
        fc.constant(limits.toSorted((a, b) => a - b)),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: limits.length, maxLength: limits.length }),
      ),
    )
    .map(([limits, counts]) => limits.map((upTo, index) => ({ upTo, count: counts[index] ?? 1 })))
  fc.assert(
    fc.property(bucketsOf, fc.integer({ min: 1, max: 100 }), (buckets, percent) => {
      const votes = buckets.flatMap(({ upTo, count }) => Array<number>(count).fill(upTo))
      expect(bucketPercentile(buckets, percent)).toBe(votes[Math.ceil((votes.length * percent) / 100) - 1])
    }),
  )
})

test('no votes have no percentile', () => {
  expect(bucketPercentile([], 99)).toBeNull()
})
