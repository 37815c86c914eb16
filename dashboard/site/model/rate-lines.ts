import type { Scoreboard, WindowView } from '../../read-model.ts'
import { type History, historyMs } from './history.ts'
import { colourOf, dashOf } from './option-colour.ts'

/** Votes per second of one option over time. `colour` is absent for the line that sums all further options. */
export type RateLine = {
  id: string
  label: string
  colour?: number
  dash: readonly number[]
  perSecond: number[]
}

/**
 * `ends[i]`, epoch ms, is when the window of `perSecond[i]` of every line ended. `ended`: the poll is final, so that the
 * last of them is no present rate.
 */
export type RateLines = { from: number; to: number; ends: number[]; lines: RateLine[]; ended: boolean }

/** More lines than this cannot be told apart; the rest are summed in one. */
const maxLines = 8

/**
 * The chart's lines: the options with most votes, each window's votes divided by its length. Open windows are left
 * out, as they would look like a fall. A window that has no votes does not exist, so gaps are filled with zeros, up to
 * the moment which counting has certainly passed.
 *
 * @param end right end of the chart, epoch ms
 */
export const rateLines = (history: History, scoreboard: Scoreboard, end: number): RateLines => {
  const windows = withGaps(
    history.filter((window) => window.complete),
    // Once voting has ended, `end` is its last vote, however long ago that was.
    Math.min(end, passedUpTo(history, scoreboard)),
  ).filter((window) => window.end > end - historyMs)
  const ranked = scoreboard.options
    .map((option, index) => ({ ...option, index }))
    .toSorted((a, b) => b.votes - a.votes || a.index - b.index)
  const named = (ranked.length <= maxLines ? ranked : ranked.slice(0, maxLines - 1)).toSorted(
    (a, b) => a.index - b.index,
  )
  const others = ranked.slice(named.length)
  const rate = (window: WindowView, ids: readonly { id: string }[]): number =>
    (ids.reduce((sum, { id }) => sum + (window.counts[id] ?? 0), 0) * 1000) / (window.end - window.start)
  const lines: RateLine[] = named.map((option) => ({
    id: option.id,
    label: option.label,
    colour: colourOf(option.index),
    dash: dashOf(option.index),
    perSecond: windows.map((window) => rate(window, [option])),
  }))
  if (others.length > 0)
    lines.push({
      id: '',
      label: `${others.length} others`,
      dash: [3, 3],
      perSecond: windows.map((window) => rate(window, others)),
    })
  const to = Math.max(end, windows.at(-1)?.end ?? end)
  return {
    from: to - historyMs,
    to,
    ends: windows.map((window) => window.end),
    lines,
    ended: scoreboard.status === 'final',
  }
}

/** No vote that arrived before this moment, epoch ms, is still uncounted, nor is its window still open. */
const passedUpTo = (history: History, { asOf, freshness }: Scoreboard): number => {
  const newest = history.at(-1)
  if (newest === undefined || freshness.behindMs === null) return 0
  const openFrom = history.find((window) => !window.complete)?.start ?? Number.POSITIVE_INFINITY
  return Math.min(openFrom, asOf - freshness.behindMs - 2 * (newest.end - newest.start))
}

/** Shorter windows than Placar makes are not filled up: it would take a million zeros. */
const minWindowMs = 1_000

const withGaps = (windows: readonly WindowView[], until: number): WindowView[] => {
  const filled: WindowView[] = []
  const first = windows[0]
  if (first === undefined) return filled
  const lengthMs = first.end - first.start
  const fill = (to: number) => {
    if (lengthMs < minWindowMs) return
    for (let start = filled.at(-1)?.end ?? to; start + lengthMs <= to; start += lengthMs)
      filled.push({ start, end: start + lengthMs, complete: true, counts: {}, rejected: {} })
  }
  for (const window of windows) {
    fill(window.start)
    filled.push(window)
  }
  fill(until)
  return filled
}
