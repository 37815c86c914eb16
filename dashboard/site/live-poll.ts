import type { Scoreboard, Stats, WindowsView } from '../read-model.ts'
import { acceptStats } from './model/acceptance.ts'
import { finalIntervalMs, nextDelayMs } from './model/backoff.ts'
import { emptyFeed, type Feed, take } from './model/feed.ts'
import { type History, historyEnd, isHistoryComplete, nextSince, remember } from './model/history.ts'
import { learn, type ServerClock, serverTime } from './model/server-clock.ts'
import { atMostEvery } from './refresh.ts'
import { read } from './server.ts'

/** The windows and the system's figures move slower than the scoreboard, and are asked for only while it answers. */
const slowIntervalMs = 2_000

/** One poll as the page follows it, from the moment it was chosen. */
export type LivePoll = {
  readonly id: string
  feed: Feed
  clock: ServerClock
  history: History
  stats?: Stats
}

export type LivePollViews = {
  /** After every round, good or not. */
  scoreboard: (poll: LivePoll) => void
  history: (poll: LivePoll, scoreboard: Scoreboard) => void
  stats: (poll: LivePoll, scoreboard: Scoreboard) => void
}

/**
 * Follows one poll: `round` reads the scoreboard once, tells the views, and resolves to the ms to wait for the next.
 *
 * @param known the server's clock as far as an earlier poll taught it
 * @param signal aborted when another poll is chosen; nothing is shown after that
 */
export const followPoll = (
  id: string,
  known: ServerClock,
  views: LivePollViews,
): { poll: LivePoll; round: (signal: AbortSignal) => Promise<number> } => {
  const poll: LivePoll = { id, feed: emptyFeed(performance.now()), clock: known, history: [] }
  const path = `/polls/${encodeURIComponent(id)}`
  let statsTag: string | undefined
  let signal = new AbortController().signal

  let windowsKnown = false
  const windows = atMostEvery(slowIntervalMs, async () => {
    const { shown } = poll.feed
    if (shown === undefined) return
    const serverNow = serverTime(poll.clock, performance.now()) ?? shown.asOf
    if (windowsKnown && isHistoryComplete(poll.history, shown, serverNow)) return
    const end = historyEnd(shown, serverNow)
    const since = Math.floor(nextSince(poll.history, end))
    const answer = await read<WindowsView>(`${path}/windows?since=${since}&limit=1000`, undefined, signal)
    if (signal.aborted || answer.kind !== 'fresh') return
    windowsKnown = true
    poll.history = remember(poll.history, answer.body.windows, end)
    views.history(poll, poll.feed.shown ?? shown)
  })

  const stats = atMostEvery(slowIntervalMs, async () => {
    const answer = await read<Stats>('/stats', statsTag, signal)
    const { shown } = poll.feed
    if (signal.aborted || answer.kind !== 'fresh' || shown === undefined) return
    if (acceptStats(poll.stats, answer.body) !== answer.body) return
    poll.stats = answer.body
    statsTag = answer.etag
    views.stats(poll, shown)
  })

  return {
    poll,
    round: async (wanted) => {
      signal = wanted
      const answer = await read<Scoreboard>(`${path}/scoreboard`, poll.feed.etag, signal)
      const now = performance.now()
      if (signal.aborted) return 0
      poll.clock = learn(poll.clock, answer.kind === 'failed' ? undefined : serverMsOf(answer), now)
      const wasFinal = showsFinal(poll.feed)
      poll.feed = take(poll.feed, answer, now)
      // Shown once more as the past they now are, and at once: the next chance is a long wait away.
      if (showsFinal(poll.feed) && !wasFinal) {
        windowsKnown = false
        windows.soon()
      }
      views.scoreboard(poll)
      if (poll.feed.failures === 0) {
        windows.ask(now)
        stats.ask(now)
      }
      const retryAfterMs = answer.kind === 'failed' ? answer.retryAfterMs : undefined
      const intervalMs = showsFinal(poll.feed) ? finalIntervalMs : undefined
      return nextDelayMs(poll.feed.failures, Math.random(), retryAfterMs, intervalMs)
    },
  }
}

const showsFinal = ({ shown }: Feed): boolean => shown?.status === 'final'

/** `asOf` counts milliseconds and `Date` seconds, but `asOf` stands still in a cache: the later one is the better. */
const serverMsOf = (answer: { serverMs?: number; body?: Scoreboard }): number | undefined => {
  const known = [answer.serverMs, answer.body?.asOf].filter((ms) => ms !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
