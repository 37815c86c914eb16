import { describe, expect, test } from 'vitest'
import { emptyFeed, type Feed, take } from '../../../dashboard/site/model/feed.ts'
import { agoText, freshness } from '../../../dashboard/site/model/freshness.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const asOf = 1_790_000_000_000

/** Shown at page time 1,000, when the server's clock stood at `asOf`: server time = page time + offset. */
const offset = asOf - 1_000
const feed = (behindMs: number | null = 0): Feed => {
  const body = sampleScoreboard()
  return take(
    emptyFeed(0),
    { kind: 'fresh', body: { ...body, freshness: { ...body.freshness, behindMs } } },
    1_000,
  )
}

describe('freshness', () => {
  test('the age is what has passed on the page since the server made the snapshot', () => {
    expect(agoText(freshness(feed(), [offset], 1_800))).toBe('0.8 s ago')
  })

  test('an age is never less than nothing', () => {
    expect(freshness(feed(), [offset], 0).ageMs).toBe(0)
  })

  test('without an answer there is no age', () => {
    expect(freshness(emptyFeed(0), [], 100)).toEqual({})
    expect(agoText({})).toBe('–')
  })

  test('numbers are not stale 5 s after the last good answer, and are right after', () => {
    expect(freshness(feed(), [offset], 6_000).stale).toBeUndefined()
    expect(freshness(feed(), [offset], 6_001).stale).toBe('No answer from the server.')
  })

  test('a page that never had an answer is stale after 5 s too', () => {
    expect(freshness(emptyFeed(0), [], 5_000).stale).toBeUndefined()
    expect(freshness(emptyFeed(0), [], 5_001).stale).toBe('No answer from the server.')
  })

  test('nothing but older snapshots is named as such', () => {
    const older = take(feed(), { kind: 'fresh', body: sampleScoreboard([0, 0]) }, 5_900)
    expect(freshness(older, [offset], 6_001).stale).toBe('The server answers with older numbers than these.')
  })

  test('a poll that is gone is named as such', () => {
    const gone = take(feed(), { kind: 'failed', status: 404 }, 5_900)
    expect(freshness(gone, [offset], 6_001).stale).toBe('The server no longer knows this poll.')
  })

  test('counting more than 5 s behind is stale at once', () => {
    expect(freshness(feed(5_000), [offset], 1_000).stale).toBeUndefined()
    expect(freshness(feed(5_001), [offset], 1_000).stale).toBe('Counting is behind the votes.')
    expect(freshness(feed(null), [offset], 1_000).stale).toBeUndefined()
  })

  test('a final poll is never behind, and is stale only after longer than it waits between two reads', () => {
    const final = take(
      emptyFeed(0),
      {
        kind: 'fresh',
        body: sampleScoreboard([2, 1], {
          status: 'final',
          freshness: { newestArrival: null, behindMs: 99_000, shardsReporting: 1, shards: 1 },
        }),
      },
      1_000,
    )
    expect(freshness(final, [offset], 16_000).stale).toBeUndefined()
    expect(freshness(final, [offset], 16_001).stale).toBe('No answer from the server.')
    expect(freshness({ ...final, goodAt: 60_000 }, [offset], 60_000).stale).toBe('The answers are old.')
  })

  test('a cache that goes on answering when its origin is gone does not keep the page fresh', () => {
    const cached = { ...feed(), goodAt: 60_000 }
    expect(freshness(cached, [offset], 60_000).stale).toBe('The answers are old.')
  })
})
