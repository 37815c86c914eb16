import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueAtMs, dueBy, rampSchedule, schedule } from '../../../load/volley/schedule.ts'

test('20,000 votes a second for 60 s are 1,200,000 requests, one every 50 µs', () => {
  const plan = schedule(20_000, 60, 1)
  expect(plan).toMatchObject({ size: 1_200_000, lengthMs: 60_000 })
  expect(dueAtMs(plan, 1_000_001) - dueAtMs(plan, 1_000_000)).toBeCloseTo(0.05, 6)
})

test('batches of 500 need a 500th of the requests, as far apart', () => {
  const plan = schedule(20_000, 60, 500)
  expect(plan.size).toBe(2_400)
  expect(dueAtMs(plan, 7)).toBeCloseTo(175, 6)
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

test('a ramp has as many requests as the area under it, and they come ever faster', () => {
  const plan = rampSchedule([{ seconds: 10, from: 0, to: 100 }])
  expect(plan.size).toBe(500)
  // N(t) = 5 t², so request n is due at √(n / 5) s.
  expect(dueAtMs(plan, 0)).toBe(0)
  expect(dueAtMs(plan, 125)).toBeCloseTo(5_000, 6)
  expect(dueBy(plan, 5_000)).toBe(126)
})

test('nothing is due in a pause, and what follows begins behind it', () => {
  const plan = rampSchedule([
    { seconds: 1, from: 10, to: 10 },
    { seconds: 5, from: 0, to: 0 },
    { seconds: 1, from: 20, to: 20 },
  ])
  expect(plan).toMatchObject({ size: 30, lengthMs: 7_000 })
  expect([dueBy(plan, 999), dueBy(plan, 5_999), dueBy(plan, 6_000), dueBy(plan, 6_050)]).toEqual([
    10, 10, 11, 12,
  ])
  expect([dueAtMs(plan, 9), dueAtMs(plan, 10), dueAtMs(plan, 11)]).toEqual([900, 6_000, 6_050])
})

test('a schedule in which nothing is ever due is refused', () => {
  expect(() => rampSchedule([{ seconds: 5, from: 0, to: 0 }])).toThrow(RangeError)
})

test('whatever is counted as due has had its moment, and the next one has not', () => {
  const rate = fc.integer({ min: 0, max: 50_000 })
  const stretch = fc.record({ seconds: fc.integer({ min: 1, max: 30 }), from: rate, to: rate })
  const stretches = fc
    .array(stretch, { minLength: 1, maxLength: 6 })
    .filter((all) => all.some(({ from, to }) => from + to > 0))
  fc.assert(
    fc.property(stretches, fc.double({ min: 0, max: 200_000, noNaN: true }), (all, elapsedMs) => {
      const plan = rampSchedule(all)
      const due = dueBy(plan, elapsedMs)
      // A thousandth of a millisecond for what floating point loses.
      if (due > 0) expect(dueAtMs(plan, due - 1)).toBeLessThanOrEqual(elapsedMs + 1e-3)
      if (due < plan.size) expect(dueAtMs(plan, due)).toBeGreaterThan(elapsedMs - 1e-3)
    }),
  )
})

test('the moments of a schedule never go backwards, nor past its end', () => {
  const rate = fc.integer({ min: 0, max: 300 })
  const stretch = fc.record({ seconds: fc.integer({ min: 1, max: 5 }), from: rate, to: rate })
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 5 }), (all) => {
      fc.pre(all.some(({ from, to }) => from + to > 0))
      const plan = rampSchedule(all)
      let before = 0
      for (let n = 0; n < plan.size; n++) {
        const at = dueAtMs(plan, n)
        expect(at).toBeGreaterThanOrEqual(before - 1e-6)
        before = at
      }
      expect(before).toBeLessThanOrEqual(plan.lengthMs + 1e-3)
    }),
    { numRuns: 30 },
  )
})
