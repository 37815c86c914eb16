import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dice, weighted } from '../../../load/volley/dice.ts'

test('a roll is a 32-bit number that seed and place alone decide', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, n) => {
      const roll = dice(seed, n)
      expect(roll).toBe(dice(seed, n))
      expect(Number.isInteger(roll) && roll >= 0 && roll < 2 ** 32).toBe(true)
    }),
  )
})

test('over 100,000 rolls each choice comes up by its weight, to a percent', () => {
  const choose = weighted([3, 1, 0, 4])
  const seen = [0, 0, 0, 0]
  for (let n = 0; n < 100_000; n++) {
    const index = choose(dice(7, n))
    seen[index] = (seen[index] ?? 0) + 1
  }
  expect(seen[2]).toBe(0)
  expect((seen[0] ?? 0) / 100_000).toBeCloseTo(3 / 8, 2)
  expect((seen[1] ?? 0) / 100_000).toBeCloseTo(1 / 8, 2)
  expect((seen[3] ?? 0) / 100_000).toBeCloseTo(4 / 8, 2)
})

test('the highest roll falls on the last choice that has any weight', () => {
  expect(weighted([0.1, 0.2, 0.7, 0])(2 ** 32 - 1)).toBe(2)
})

test.each([[[]], [[0, 0]], [[1, -1]], [[Number.NaN]]])('%j are no weights', (weights: number[]) => {
  expect(() => weighted(weights)).toThrow(RangeError)
})
