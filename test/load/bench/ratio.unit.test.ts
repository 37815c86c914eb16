import { expect, test } from 'vitest'
import { median, ratioSpread } from '../../../load/bench/ratio.ts'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 6])).toBe(5.5)
  expect(median([3])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

test('the ratio is the median of the rounds, not the ratio of the medians', () => {
  expect(ratioSpread([80, 45, 99], [100, 50, 110])).toEqual({ median: 0.9, least: 0.8, most: 0.9 })
  expect(() => ratioSpread([1, 2], [1])).toThrow(RangeError)
})
