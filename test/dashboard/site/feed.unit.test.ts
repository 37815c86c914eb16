import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyFeed, take } from '../../../dashboard/site/model/feed.ts'
import { sampleScoreboard, scoreboards } from './sample-scoreboard.ts'

const fresh = (body = sampleScoreboard(), etag = '"a"') => ({ kind: 'fresh', body, etag }) as const

describe('the feed', () => {
  test('a snapshot taken is known to be true up to its asOf', () => {
    const feed = take(emptyFeed(0), fresh(), 40)
    expect(feed).toMatchObject({ etag: '"a"', confirmedAt: 1_790_000_000_000, goodAt: 40, failures: 0 })
  })

  test('a 304 makes the shown snapshot as young as its Date', () => {
    const feed = take(
      take(emptyFeed(0), fresh(), 40),
      { kind: 'unchanged', dateMs: 1_790_000_009_000 },
      9_040,
    )
    expect(feed).toMatchObject({ confirmedAt: 1_790_000_009_000, goodAt: 9_040, failures: 0 })
    expect(feed.shown).toEqual(sampleScoreboard())
  })

  test('a 304 without a Date, or with one of the very second, confirms nothing newer', () => {
    for (const dateMs of [{}, { dateMs: 1_789_999_999_000 }]) {
      const feed = take(take(emptyFeed(0), fresh(), 40), { kind: 'unchanged', ...dateMs }, 9_040)
      expect(feed.confirmedAt).toBe(1_790_000_000_000)
    }
  })

  test('an older snapshot changes neither what is shown, nor its tag, nor its age', () => {
    const before = take(emptyFeed(0), fresh(sampleScoreboard([5, 5])), 40)
    const after = take(before, fresh(sampleScoreboard([4, 5]), '"older"'), 1_040)
    expect(after).toEqual({ ...before, failures: 1, trouble: 'older' })
  })

  test('a failure keeps what is shown and counts', () => {
    const before = take(emptyFeed(0), fresh(), 40)
    const after = take(take(before, { kind: 'failed', status: 503 }, 1_000), { kind: 'failed' }, 2_000)
    expect(after).toEqual({ ...before, failures: 2, trouble: 'unreachable' })
  })

  test('a 404 is told from a server that is away', () => {
    expect(take(emptyFeed(0), { kind: 'failed', status: 404 }, 0).trouble).toBe('unknown_poll')
  })

  test('a good answer forgets the trouble', () => {
    const feed = take(take(emptyFeed(0), { kind: 'failed' }, 0), fresh(), 10)
    expect(feed.failures).toBe(0)
    expect('trouble' in feed).toBe(false)
  })

  test('an answer without a tag leaves none of an earlier snapshot', () => {
    const feed = take(take(emptyFeed(0), fresh(), 0), { kind: 'fresh', body: sampleScoreboard([9, 9]) }, 10)
    expect('etag' in feed).toBe(false)
  })

  test('the tag always belongs to the snapshot shown', () => {
    fc.assert(
      fc.property(fc.array(scoreboards, { maxLength: 15 }), (arriving) => {
        let feed = emptyFeed(0)
        for (const body of arriving) feed = take(feed, fresh(body, JSON.stringify(body)), 0)
        if (feed.shown !== undefined) expect(feed.etag).toBe(JSON.stringify(feed.shown))
      }),
    )
  })
})
