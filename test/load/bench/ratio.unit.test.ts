import { expect, test } from 'vitest'
import { median, summariseRounds } from '../../../load/bench/ratio.ts'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 6])).toBe(5.5)
  expect(median([3])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

test('the ratio is the median of the rounds, not the ratio of the medians', () => {
  const rounds = [
    { placar: 80, bare: 100 },
    { placar: 45, bare: 50 },
    { placar: 99, bare: 110 },
  ]
  expect(summariseRounds(rounds)).toEqual({ placar: 80, bare: 100, ratio: 0.9 })
})
