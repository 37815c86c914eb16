import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueAtMs, dueBy, schedule } from '../../../load/volley/schedule.ts'

test('20,000 votes a second for 60 s are 1,200,000 requests, one every 50 µs', () => {
  expect(schedule(20_000, 60, 1)).toEqual({ size: 1_200_000, intervalMs: 0.05 })
})

test('batches of 500 need a 500th of the requests, as far apart', () => {
  expect(schedule(20_000, 60, 500)).toEqual({ size: 2_400, intervalMs: 25 })
})

test('nothing is due before the start, the first request at it', () => {
  const one = schedule(10, 1, 1)
  expect(dueBy(one, -0.001)).toBe(0)
  expect(dueBy(one, 0)).toBe(1)
  expect(dueBy(one, 100)).toBe(2)
})

test('no more is due at the end than was scheduled', () => {
  expect(dueBy(schedule(10, 1, 1), 1e9)).toBe(10)
})

test('whatever is counted as due has had its moment, and the next one has not', () => {
  const rates = fc.integer({ min: 1, max: 50_000 })
  fc.assert(
    fc.property(rates, fc.double({ min: 0, max: 60_000, noNaN: true }), (rate, elapsedMs) => {
      const plan = schedule(rate, 60, 1)
      const due = dueBy(plan, elapsedMs)
      // A millionth of a millisecond for what floating point loses.
      expect(dueAtMs(plan, due - 1)).toBeLessThanOrEqual(elapsedMs + 1e-6)
      if (due < plan.size) expect(dueAtMs(plan, due)).toBeGreaterThan(elapsedMs - 1e-6)
    }),
  )
})
