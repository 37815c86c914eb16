import type { Scoreboard, WindowView } from '../../read-model.ts'

/** The windows of one poll that the page holds: ascending by start, each start once. */
export type History = readonly WindowView[]

/** How far back the chart goes. */
export const historyMs = 5 * 60_000

/** Windows held at most, whatever their length: five minutes of one second each. */
const maxWindows = 300

/** A window may still grow while a shard lags, so what is asked for again reaches back so far. */
const overlapMs = 30_000

/**
 * The right end of the chart, epoch ms: now, or, once voting has ended, its last vote.
 *
 * @param serverNow the server's time, epoch ms, if known
 */
export const historyEnd = (scoreboard: Scoreboard, serverNow = scoreboard.asOf): number =>
  scoreboard.status === 'closing' || scoreboard.status === 'final'
    ? (scoreboard.freshness.newestArrival ?? serverNow)
    : serverNow

/** The `since` to ask for next, epoch ms. @param end the right end of the chart, epoch ms */
export const nextSince = (history: History, end: number): number => {
  const newest = history.findLast((window) => window.complete)?.start ?? 0
  return Math.max(0, end - historyMs, newest - overlapMs)
}

/**
 * Whether nothing more can come: voting has ended, and so long ago that every shard's windows have reached the index
 * they are read from; the window of the last vote is held, and none is open. Asked before a first answer, it may err.
 *
 * @param serverNow the server's time, epoch ms
 */
export const isHistoryComplete = (
  history: History,
  { status, freshness: { newestArrival } }: Scoreboard,
  serverNow: number,
): boolean => {
  if (status !== 'closing' && status !== 'final') return false
  if (history.some(({ complete }) => !complete)) return false
  if (newestArrival === null) return true
  return (
    serverNow >= newestArrival + overlapMs &&
    history.some(({ start, end }) => start <= newestArrival && newestArrival < end)
  )
}

/** Adds what an answer brought. A window never falls: an older answer of another edge does not replace a newer one. */
export const remember = (history: History, incoming: readonly WindowView[], end: number): History => {
  const held = new Map(history.map((window) => [window.start, window]))
  for (const window of incoming) {
    const before = held.get(window.start)
    if (before === undefined || (total(window) >= total(before) && (window.complete || !before.complete)))
      held.set(window.start, window)
  }
  return [...held.values()]
    .filter((window) => window.end > end - historyMs)
    .toSorted((a, b) => a.start - b.start)
    .slice(-maxWindows)
}

const total = ({ counts }: WindowView): number => Object.values(counts).reduce((sum, count) => sum + count, 0)
