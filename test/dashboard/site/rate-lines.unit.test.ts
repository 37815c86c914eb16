import { describe, expect, test } from 'vitest'
import type { WindowView } from '../../../dashboard/read-model.ts'
import { historyMs } from '../../../dashboard/site/model/history.ts'
import { rateLines } from '../../../dashboard/site/model/rate-lines.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const asOf = 1_790_000_000_000
const lengthMs = 5_000

/** The window that ended `back` windows before `asOf`. */
const window = (back: number, counts: Record<string, number>, complete = true): WindowView => ({
  start: asOf - (back + 1) * lengthMs,
  end: asOf - back * lengthMs,
  complete,
  counts,
  rejected: {},
})

const freshness = { newestArrival: asOf, behindMs: 0, shardsReporting: 1, shards: 1 }
const twoOptions = sampleScoreboard([30, 10], { freshness })

describe('votes per second', () => {
  test('a window’s votes are divided by its length', () => {
    const { ends, lines } = rateLines([window(1, { 'option-0': 30, 'option-1': 10 })], twoOptions, asOf)
    expect(ends).toEqual([asOf - lengthMs])
    expect(lines.map(({ label, perSecond }) => [label, perSecond])).toEqual([
      ['Option 0', [6]],
      ['Option 1', [2]],
    ])
  })

  test('an open window is left out, as it would look like a fall', () => {
    const { ends } = rateLines([window(1, {}), window(0, { 'option-0': 1 }, false)], twoOptions, asOf)
    expect(ends).toEqual([asOf - lengthMs])
  })

  // windows   |  4  |  3  |  2  |  1  |  0  | asOf
  // known     | 5/s |     | 1/s |
  test('a window nobody voted in is a zero, not a straight line across', () => {
    const { ends, lines } = rateLines(
      [window(4, { 'option-0': 25 }), window(2, { 'option-0': 5 })],
      twoOptions,
      asOf,
    )
    expect(ends).toEqual([4, 3, 2].map((back) => asOf - back * lengthMs))
    expect(lines[0]?.perSecond).toEqual([5, 0, 1])
  })

  // windows   |  5  |  4  |  3  |  2  |  1  |  0  | asOf
  // known     | 5/s |                 ^ counting has certainly passed this
  test('after the last vote the line goes down to zero, as far as counting has passed', () => {
    const { lines } = rateLines([window(5, { 'option-0': 25 })], twoOptions, asOf)
    expect(lines[0]?.perSecond).toEqual([5, 0, 0, 0])
  })

  test('of a poll that ended long ago the line ends with the window of the last vote', () => {
    const ended = sampleScoreboard([30, 10], { status: 'final', asOf: asOf + 24 * 3_600_000, freshness })
    const { from, to, ends } = rateLines([window(1, { 'option-0': 1 }), window(0, {})], ended, asOf - 1)
    expect([from, to]).toEqual([asOf - historyMs, asOf])
    expect(ends).toEqual([asOf - lengthMs, asOf])
  })

  test('only a final poll has ended: while votes are still counted there is a present rate', () => {
    const ended = (['scheduled', 'open', 'closing', 'final'] as const).filter(
      (status) => rateLines([], sampleScoreboard([3, 1], { status, freshness }), asOf).ended,
    )
    expect(ended).toEqual(['final'])
  })

  test('nothing is taken for empty while counting is behind, or may be', () => {
    const history = [window(5, { 'option-0': 25 })]
    for (const behindMs of [60_000, null]) {
      const behind = sampleScoreboard([30, 10], { freshness: { ...freshness, behindMs } })
      expect(rateLines(history, behind, asOf).lines[0]?.perSecond).toEqual([5])
    }
  })

  test('nothing at or after an open window is taken for empty', () => {
    const history = [window(5, { 'option-0': 25 }), window(4, { 'option-0': 1 }, false)]
    expect(rateLines(history, twoOptions, asOf).lines[0]?.perSecond).toEqual([5])
  })

  test('windows of no length do not make it run for ever', () => {
    const broken = [10, 5].map((back) => ({ ...window(back, {}), end: window(back, {}).start }))
    expect(rateLines(broken, twoOptions, asOf).ends).toHaveLength(2)
  })

  test('of many options the seven with most votes have a line, in the order of the ballot, and the rest share one', () => {
    const votes = Array.from({ length: 50 }, (_, i) => i)
    const counts = Object.fromEntries(votes.map((i) => [`option-${i}`, 5]))
    const { lines } = rateLines([window(1, counts)], sampleScoreboard(votes, { freshness }), asOf)
    expect(lines.map(({ label }) => label)).toEqual([
      ...[43, 44, 45, 46, 47, 48, 49].map((i) => `Option ${i}`),
      '43 others',
    ])
    expect(lines.at(-1)?.perSecond).toEqual([43])
    expect(lines.map(({ colour }) => colour)).toEqual([3, 4, 5, 6, 7, 0, 1, undefined])
  })

  test('two lines of one colour differ in their dash', () => {
    const votes = Array.from({ length: 9 }, (_, i) => (i === 0 || i === 8 ? 9 : 0))
    const { lines } = rateLines([], sampleScoreboard(votes, { freshness }), asOf)
    const same = lines.filter((line) => line.colour === 0)
    expect(same).toHaveLength(2)
    expect(same[0]?.dash).not.toEqual(same[1]?.dash)
  })

  test('the chart spans five minutes, and holds its newest window whole', () => {
    const { from, to } = rateLines([window(0, {})], twoOptions, asOf - 2_000)
    expect([from, to]).toEqual([asOf - historyMs, asOf])
    expect(rateLines([], twoOptions, asOf)).toMatchObject({ from: asOf - historyMs, to: asOf, ends: [] })
  })
})
