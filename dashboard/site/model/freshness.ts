import { finalIntervalMs } from './backoff.ts'
import type { Feed } from './feed.ts'
import { ageText } from './figures.ts'
import { type ServerClock, serverTime } from './server-clock.ts'

/**
 * Without a good answer for so long, or with an unread vote so old, the page is stale (design, section 7). A final poll is
 * asked for more slowly, and has no unread votes.
 */
export const staleAfterMs = 5_000

/** `Date` counts whole seconds, so an age taken from it can be a second too much. */
const dateErrorMs = 1_000

/** How old the numbers on the page are, in ms, by the server's clock; and, when they are stale, why. */
export type Freshness = { ageMs?: number; stale?: string }

/**
 * The sentence in `stale` names the cause and no changing number, so that a screen reader says it once.
 *
 * @param now `performance.now()`
 */
export const freshness = (feed: Feed, clock: ServerClock, now: number): Freshness => {
  const serverNow = serverTime(clock, now)
  const ageMs =
    serverNow === undefined || feed.confirmedAt === undefined
      ? undefined
      : Math.max(0, serverNow - feed.confirmedAt)
  const stale = staleReason(feed, now - feed.goodAt, ageMs)
  return { ...(ageMs === undefined ? {} : { ageMs }), ...(stale === undefined ? {} : { stale }) }
}

const staleReason = (feed: Feed, silentMs: number, ageMs: number | undefined): string | undefined => {
  const final = feed.shown?.status === 'final'
  const patienceMs = final ? finalIntervalMs + staleAfterMs : staleAfterMs
  if (silentMs > patienceMs) {
    if (feed.trouble === 'older') return 'The server answers with older numbers than these.'
    if (feed.trouble === 'unknown_poll') return 'The server no longer knows this poll.'
    return 'No answer from the server.'
  }
  // A cache can go on answering when its origin is gone.
  if (ageMs !== undefined && ageMs > patienceMs + dateErrorMs) return 'The answers are old.'
  if (!final && (feed.shown?.freshness.behindMs ?? 0) > staleAfterMs) return 'Counting is behind the votes.'
  return undefined
}

/** "0.8 s ago" */
export const agoText = ({ ageMs }: Freshness): string => (ageMs === undefined ? '–' : `${ageText(ageMs)} ago`)
