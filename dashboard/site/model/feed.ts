import type { Scoreboard } from '../../read-model.ts'
import { accept } from './acceptance.ts'
import type { Answer } from './answer.ts'

/** What the page knows of the poll it shows, and how well. */
export type Feed = {
  shown?: Scoreboard
  /** The ETag of `shown`, and of nothing else: a 304 to the tag of a refused snapshot would vouch for the wrong one. */
  etag?: string
  /** The server's time up to which `shown` is known to be true, epoch ms. */
  confirmedAt?: number
  /** `performance.now()` of the last good answer, or of the feed's beginning. */
  goodAt: number
  /** Answers that were not good, in a row. */
  failures: number
  /** Why the last answer was not good. */
  trouble?: 'unreachable' | 'unknown_poll' | 'older'
}

/** @param now `performance.now()` */
export const emptyFeed = (now: number): Feed => ({ goodAt: now, failures: 0 })

/**
 * The feed after one more answer. Only a snapshot that `accept` takes and a 304 to the shown one are good; an older
 * snapshot leaves what is shown, and its age, as they were.
 *
 * @param now `performance.now()` when the answer arrived
 */
export const take = (feed: Feed, answer: Answer<Scoreboard>, now: number): Feed => {
  switch (answer.kind) {
    case 'failed':
      return failed(feed, answer.status === 404 ? 'unknown_poll' : 'unreachable')
    case 'unchanged':
      if (feed.shown === undefined) return failed(feed, 'unreachable')
      // `Date` is cut to whole seconds, so it can lie before the moment already known.
      return {
        ...good(feed, now),
        confirmedAt: Math.max(answer.dateMs ?? 0, feed.confirmedAt ?? feed.shown.asOf),
      }
    case 'fresh': {
      const shown = accept(feed.shown, answer.body)
      if (shown !== answer.body) return failed(feed, 'older')
      const { etag: _, ...rest } = good(feed, now)
      return {
        ...rest,
        shown,
        confirmedAt: shown.asOf,
        ...(answer.etag === undefined ? {} : { etag: answer.etag }),
      }
    }
  }
}

const failed = (feed: Feed, trouble: NonNullable<Feed['trouble']>): Feed => ({
  ...feed,
  failures: feed.failures + 1,
  trouble,
})

const good = ({ trouble: _, ...feed }: Feed, now: number): Feed => ({ ...feed, goodAt: now, failures: 0 })
