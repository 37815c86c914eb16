import fc from 'fast-check'
import { expect, test } from 'vitest'
import { earliestSteps, type Step, visibility } from '../../../load/bench/visible.ts'

test('each vote is as old as it was when the page first showed as many', () => {
  // accepted  0 ── 3 ──── 5 ───────────
  // at           100     200
  // shown     0 ─────── 2 ────── 4 ── 5
  // at                 150      300  350
  const accepted = [
    { at: 100, total: 3 },
    { at: 200, total: 5 },
  ]
  const shown = [
    { at: 150, total: 2 },
    { at: 300, total: 4 },
    { at: 350, total: 5 },
  ]
  expect(visibility(accepted, shown)).toEqual({
    buckets: [
      { upTo: 50, count: 2 }, // votes 1 and 2
      { upTo: 100, count: 1 }, // vote 4
      { upTo: 150, count: 1 }, // vote 5
      { upTo: 200, count: 1 }, // vote 3
    ],
    unseen: 0,
  })
})

test('votes that the page never showed are unseen, and what it showed before them has no part in it', () => {
  const accepted = [{ at: 100, total: 5 }]
  const shown = [
    { at: 10, total: -4 },
    { at: 20, total: 0 },
    { at: 400, total: 3 },
  ]
  expect(visibility(accepted, shown)).toEqual({ buckets: [{ upTo: 300, count: 3 }], unseen: 2 })
  expect(visibility(accepted, [])).toEqual({ buckets: [], unseen: 5 })
})

test('a vote that is shown before its answer was read took no time', () => {
  const took = visibility([{ at: 100, total: 1 }], [{ at: 90, total: 1 }])
  expect(took).toEqual({ buckets: [{ upTo: 0, count: 1 }], unseen: 0 })
})

test('for any two curves the distribution is that of a walk over every single vote', () => {
  const curve = fc
    .array(fc.record({ after: fc.nat(50), votes: fc.integer({ min: 1, max: 9 }) }), { maxLength: 20 })
    .map((steps) => {
      let at = 0
      let total = 0
      return steps.map(({ after, votes }): Step => {
        at += after
        total += votes
        return { at, total }
      })
    })
  fc.assert(
    fc.property(curve, curve, (accepted, shown) => {
      const whenFirst = (steps: Step[], k: number) => steps.find(({ total }) => total >= k)?.at
      const votes = Array.from({ length: accepted.at(-1)?.total ?? 0 }, (_, index) => index + 1)
      const took = votes.map((k) => {
        const seenAt = whenFirst(shown, k)
        return seenAt === undefined ? undefined : Math.max(0, seenAt - (whenFirst(accepted, k) ?? 0))
      })
      const { buckets, unseen } = visibility(accepted, shown)
      const known = took.filter((ms) => ms !== undefined).sort((a, b) => a - b)
      expect(buckets.flatMap(({ upTo, count }) => Array<number>(count).fill(upTo))).toEqual(known)
      expect(unseen).toBe(votes.length - known.length)
    }),
  )
})

test('a reading dates its votes back to the reading before, so no latency is told too short', () => {
  const curve = earliestSteps(1_000)
  curve.read(1_005, 0)
  curve.read(1_010, 7)
  curve.read(1_015, 7)
  curve.read(1_060, 9)
  expect(curve.steps).toEqual([
    { at: 1_005, total: 7 },
    { at: 1_015, total: 9 },
  ])
})
