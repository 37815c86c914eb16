import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactUntil, pastWindows } from '../../../aggregators/audit/replay-windows.ts'
import type { PartBody } from '../../../aggregators/part.ts'

const aPart = (shardId: string, part: number, start: number, ana: number, poll = 'final'): PartBody => ({
  v: 1,
  shardId,
  part,
  window: { start, end: start + 5 },
  first: '1',
  last: '1',
  records: ana,
  runs: [],
  digest: '',
  polls: { [poll]: { counts: { ana }, rejected: {} } },
  rejected: { closed: 1 },
})

const parts = fc.array(
  fc.record({
    shardId: fc.constantFrom('s1', 's2'),
    window: fc.nat(3),
    ana: fc.integer({ min: 1, max: 9 }),
    poll: fc.constantFrom('final', 'constructor'),
  }),
  { maxLength: 12 },
)

describe('the windows of a poll’s past', () => {
  it('are the plain sum of its parts, in whatever order and however often these are read', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.nat(11)), (made, again) => {
        const all = made.map(({ shardId, window, ana, poll }, n) => aPart(shardId, n, window * 5, ana, poll))
        const past = pastWindows('final')
        for (const part of [...all, ...again.flatMap((n) => all[n] ?? [])].toReversed()) past.add(part)
        const windows = past.all()
        for (const [shardId, start] of [...Array(4)].flatMap((_, n) => [
          ['s1', n * 5] as const,
          ['s2', n * 5] as const,
        ])) {
          const expected = made
            .filter((one) => one.shardId === shardId && one.window * 5 === start && one.poll === 'final')
            .reduce((total, { ana }) => total + ana, 0)
          const found = windows.find((window) => window.start === start)?.shards.get(shardId)
          expect(found?.counts.ana ?? 0).toBe(expected)
          expect(found?.rejected ?? {}).toEqual({})
        }
        expect(windows.map(({ end }) => end)).toEqual(windows.map(({ end }) => end).toSorted((a, b) => a - b))
      }),
    )
  })

  // windows  0 |----| 5          10 |----| 15
  it('are exact at any moment outside of a window, and within one up to its start', () => {
    const windows = [
      { start: 0, end: 5 },
      { start: 10, end: 15 },
    ]
    expect([0, 3, 5, 7, 10, 14, 15, 99].map((at) => exactUntil(windows, at))).toEqual([
      0, 0, 5, 7, 10, 10, 15, 99,
    ])
  })
})
