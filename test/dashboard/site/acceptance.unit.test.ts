import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scoreboard, Stats } from '../../../dashboard/read-model.ts'
import { accept, acceptStats } from '../../../dashboard/site/model/acceptance.ts'
import { pollStatuses } from '../../../ingest/poll.ts'
import { rejectionReasons } from '../../../ingest/rejection.ts'
import { sampleScoreboard, scoreboards } from './sample-scoreboard.ts'
import { sampleStats } from './sample-stats.ts'

const numbersOf = (scoreboard: Scoreboard): number[] => [
  scoreboard.version,
  scoreboard.counted,
  pollStatuses.indexOf(scoreboard.status),
  ...scoreboard.options.map((option) => option.votes),
  ...rejectionReasons.map((reason) => scoreboard.rejected[reason] ?? 0),
]

describe('accept', () => {
  test('the first snapshot is taken', () => {
    const first = sampleScoreboard([0, 0])
    expect(accept(undefined, first)).toBe(first)
  })

  test('no number shown ever falls, whatever arrives in whatever order', () => {
    fc.assert(
      fc.property(fc.array(scoreboards, { minLength: 1, maxLength: 20 }), (arriving) => {
        let shown: Scoreboard | undefined
        for (const incoming of arriving) {
          const next = accept(shown, incoming)
          const before = shown === undefined ? [] : numbersOf(shown)
          const after = numbersOf(next)
          for (const [i, value] of before.entries()) expect(after[i]).toBeGreaterThanOrEqual(value)
          shown = next
        }
      }),
    )
  })

  test('a snapshot with every number as high or higher is taken', () => {
    fc.assert(
      fc.property(scoreboards, scoreboards, (shown, incoming) => {
        const [was, is] = [numbersOf(shown), numbersOf(incoming)]
        fc.pre(was.every((value, i) => (is[i] ?? -1) >= value))
        expect(accept(shown, incoming)).toBe(incoming)
      }),
    )
  })

  test('one option falling is enough to refuse a snapshot with a higher version', () => {
    const shown = sampleScoreboard([5, 5])
    expect(accept(shown, sampleScoreboard([4, 50]))).toBe(shown)
  })

  test('one rejection count falling is enough to refuse a snapshot with a higher version', () => {
    const shown = sampleScoreboard([5, 5], { rejected: { closed: 2 } })
    expect(accept(shown, sampleScoreboard([50, 50], { rejected: { malformed: 9 } }))).toBe(shown)
  })

  test('a lower version alone is refused', () => {
    const shown = sampleScoreboard([5, 5])
    expect(accept(shown, { ...sampleScoreboard([5, 5]), version: shown.version - 1 })).toBe(shown)
  })

  test('a final poll does not open again, though more votes come with it', () => {
    const shown = sampleScoreboard([5, 5], { status: 'final' })
    expect(accept(shown, sampleScoreboard([6, 6], { status: 'open' }))).toBe(shown)
  })

  test('a snapshot that lacks an option is refused', () => {
    const shown = sampleScoreboard([5, 0])
    expect(accept(shown, sampleScoreboard([9]))).toBe(shown)
  })

  test('a snapshot of another poll is refused', () => {
    const shown = sampleScoreboard([1, 1])
    const other = sampleScoreboard([2, 2])
    expect(accept(shown, { ...other, poll: { ...other.poll, id: 'semi-final' } })).toBe(shown)
  })

  test('the same numbers asked for later are taken', () => {
    const incoming = sampleScoreboard([1, 1], { asOf: 1_790_000_001_000 })
    expect(accept(sampleScoreboard([1, 1]), incoming)).toBe(incoming)
  })
})

describe('acceptStats', () => {
  const stats = (counted: number, closed: number): Stats => sampleStats([], { counted, rejected: { closed } })

  test('lifetime totals that rise are taken, and those that fall are not', () => {
    const shown = stats(5, 5)
    const higher = stats(6, 5)
    expect(acceptStats(undefined, shown)).toBe(shown)
    expect(acceptStats(shown, higher)).toBe(higher)
    expect(acceptStats(shown, stats(4, 9))).toBe(shown)
    expect(acceptStats(shown, stats(9, 4))).toBe(shown)
  })
})
