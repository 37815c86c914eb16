import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WindowView } from '../../../dashboard/read-model.ts'
import {
  historyEnd,
  historyMs,
  isHistoryComplete,
  nextSince,
  remember,
} from '../../../dashboard/site/model/history.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const end = 1_790_000_000_000
const lengthMs = 5_000

const window = (back: number, votes: number, complete = true): WindowView => ({
  start: end - back * lengthMs,
  end: end - (back - 1) * lengthMs,
  complete,
  counts: { ana: votes },
  rejected: {},
})

describe('the history', () => {
  test('windows stand in the order of time, each once', () => {
    const history = remember(
      remember([], [window(2, 5), window(3, 4)], end),
      [window(2, 5), window(1, 6)],
      end,
    )
    expect(history.map(({ counts }) => counts.ana)).toEqual([4, 5, 6])
  })

  test('a window that grew replaces itself, and an older answer does not', () => {
    const history = remember([], [window(1, 5, false)], end)
    expect(remember(history, [window(1, 7)], end)).toEqual([window(1, 7)])
    expect(remember(history, [window(1, 4)], end)).toEqual(history)
    expect(remember([window(1, 7)], [window(1, 7, false)], end)).toEqual([window(1, 7)])
  })

  test('windows before the chart’s left end are forgotten, and no more are held than it can show', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 600 }), (backs) => {
        const short = backs.map((back) => ({
          ...window(1, 1),
          start: end - back * 100,
          end: end - (back - 1) * 100,
        }))
        const history = remember([], short, end)
        expect(history.length).toBeLessThanOrEqual(300)
        for (const { end: ended } of history) expect(ended).toBeGreaterThan(end - historyMs)
      }),
    )
  })

  test('the first question goes back to the chart’s left end, later ones to shortly before the newest complete window', () => {
    expect(nextSince([], end)).toBe(end - historyMs)
    expect(nextSince([window(9, 1), window(2, 1), window(1, 1, false)], end)).toBe(
      window(2, 1).start - 30_000,
    )
    expect(nextSince([], 1_000)).toBe(0)
  })

  test('the chart ends now while votes come, and at the last vote once voting has ended', () => {
    const freshness = { newestArrival: 7_000, behindMs: 0, shardsReporting: 1, shards: 1 }
    expect(historyEnd(sampleScoreboard([1, 1], { freshness }), 9_000)).toBe(9_000)
    expect(historyEnd(sampleScoreboard([1, 1], { freshness, status: 'final' }), 9_000)).toBe(7_000)
    expect(historyEnd(sampleScoreboard([0, 0], { status: 'final' }), 9_000)).toBe(9_000)
    expect(historyEnd(sampleScoreboard([0, 0], { asOf: 8_000 }))).toBe(8_000)
  })

  test('it is complete once voting has ended for a while and the last vote’s window is held and closed', () => {
    const newestArrival = end - 1
    const freshness = { newestArrival, behindMs: 0, shardsReporting: 1, shards: 1 }
    const board = (status: 'open' | 'closing' | 'final') => sampleScoreboard([1, 1], { status, freshness })
    const later = newestArrival + 30_000
    const held = [window(2, 1), window(1, 1)]
    expect(isHistoryComplete(held, board('final'), later)).toBe(true)
    expect(isHistoryComplete(held, board('closing'), later)).toBe(true)
    expect(isHistoryComplete(held, board('open'), later)).toBe(false)
    expect(isHistoryComplete(held, board('final'), later - 1)).toBe(false)
    expect(isHistoryComplete([window(2, 1)], board('final'), later)).toBe(false)
    expect(isHistoryComplete([window(2, 1, false), window(1, 1)], board('final'), later)).toBe(false)
  })

  test('a poll that ended without a vote has a complete history', () => {
    expect(isHistoryComplete([], sampleScoreboard([0, 0], { status: 'final' }), end)).toBe(true)
  })
})
