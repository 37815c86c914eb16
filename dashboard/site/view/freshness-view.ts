import type { Feed } from '../model/feed.ts'
import { ageText } from '../model/figures.ts'
import { agoText, freshness } from '../model/freshness.ts'
import { scheduleText, statusText, unprovedText } from '../model/schedule.ts'
import { type ServerClock, serverTime } from '../model/server-clock.ts'
import { find, setText } from './element.ts'

/**
 * Everything on the page that changes with time alone: the age of the data, the stale state, and the poll's clock.
 * To be called several times a second, whether answers come or not.
 *
 * @param now `performance.now()`
 * @param nothingToShow the server's last answer was that there is no such poll, or none at all
 */
export const showFreshness = (feed: Feed, clock: ServerClock, now: number, nothingToShow: boolean): void => {
  const { dataset } = document.body
  const fresh = freshness(feed, clock, now)
  dataset.stale = String(fresh.stale !== undefined)
  const waiting = nothingToShow ? 'connected' : 'connecting'
  setText(find('[data-freshness]'), feed.shown === undefined ? waiting : agoText(fresh))
  setText(find('[data-stale-reason]'), fresh.stale ?? '')
  setText(find('[data-stale-age]'), staleAge(feed, fresh.ageMs))
  if (feed.shown === undefined) return
  const { status, final } = feed.shown
  dataset.status = status
  dataset.version = String(feed.shown.version)
  setText(find('[data-status-text]'), statusText[status])
  setText(find('[data-schedule]'), scheduleText(feed.shown, serverTime(clock, now)))
  const warning = unprovedText(final)
  find('[data-unproved]').hidden = warning === ''
  setText(find('[data-unproved-text]'), warning)
}

const staleAge = (feed: Feed, ageMs: number | undefined): string => {
  if (feed.shown === undefined || ageMs === undefined) return ''
  const { behindMs } = feed.shown.freshness
  const behind =
    behindMs !== null && behindMs > ageMs ? `; the oldest unread vote waits ${ageText(behindMs)}` : ''
  return `These numbers are ${ageText(ageMs)} old${behind}.`
}
