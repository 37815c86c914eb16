import { describe, expect, it } from 'vitest'
import { maxPartsRead } from '../../dashboard/poll-parts.ts'
import type { Traffic } from '../../dashboard/read-model.ts'
import { kinesisShardLimit } from '../../dashboard/shard-limit.ts'
import { type TrafficOptions, views } from '../../dashboard/views.ts'
import { aPoll } from '../aggregators/arrivals.ts'
import { aPart, memoryReadStore, type StoredRead } from './memory-read-store.ts'

const windowMs = 1000
const poll = aPoll({ createdAt: 0, opensAt: 0, shards: ['s1'] })
const parts = (...starts: number[]) => starts.map((start) => aPart(start, windowMs))

const ask = (stored: Partial<StoredRead>) => {
  const { store, read } = memoryReadStore({ polls: [poll], parts: [], ...stored })
  const now = () => 1_000_000_000
  const model = views({ store, now, windowMs, iteratorAgeMaxAgeMs: 1000, warn: () => {} })
  const starts = async (since: number | undefined, limit: number) =>
    (await model.windows('final', since, limit))?.windows.map(({ start }) => start)
  return { model, read, starts }
}

describe('the windows of a poll', () => {
  it('are the newest without since, and the oldest from it on, both oldest first', async () => {
    const { starts } = ask({ parts: parts(0, 1000, 2000, 3000, 4000) })
    expect(await starts(undefined, 2)).toEqual([3000, 4000])
    expect(await starts(1000, 2)).toEqual([1000, 2000])
    expect(await starts(1001, 1000)).toEqual([2000, 3000, 4000])
  })

  it('are read page by page until the limit is reached, and a window’s parts on two pages add up', async () => {
    const again = [{ ...aPart(1000, windowMs, 5), shardId: 's2' }]
    const { model, read } = ask({ parts: [...parts(0, 1000, 2000, 3000, 4000, 5000, 6000), ...again] })
    const found = await model.windows('final', 0, 2)
    expect(found?.windows.map(({ counts }) => counts.ana)).toEqual([1, 6])
    expect(read.pages).toBe(2)
  })

  it('end where a final poll could get no more votes', async () => {
    const { starts } = ask({
      polls: [{ ...poll, closedAt: 2000, finalAt: 2500 }],
      parts: parts(1000, 2000, 3000, 4000),
    })
    expect(await starts(undefined, 10)).toEqual([1000, 2000, 3000])
    expect(await starts(9000, 10)).toEqual([])
  })

  it('are only the finished ones when other polls’ parts use up what one question may read', async () => {
    const others = Array.from({ length: maxPartsRead - 2 }, (_, n) => ({
      ...aPart(2000, windowMs, 1, 'other'),
      part: 100 + n,
    }))
    // The last part that may be read is of window 3000; whether it has more nobody knows.
    const split = [aPart(3000, windowMs), { ...aPart(3000, windowMs), shardId: 's2' }]
    const stored = { parts: [...parts(1000), ...others, ...split], pageLength: 5000 }
    expect(await ask(stored).starts(0, 10)).toEqual([1000])
    expect(await ask(stored).starts(undefined, 10)).toEqual([3000])
  })
})

describe('a void poll', () => {
  it('is unknown to every question', async () => {
    const { model } = ask({ polls: [{ ...poll, voided: true }], parts: parts(0) })
    expect(await model.polls()).toEqual({ polls: [] })
    expect(await model.scoreboard('final')).toBeUndefined()
    expect(await model.windows('final', undefined, 10)).toBeUndefined()
    expect(await model.shards('final')).toBeUndefined()
  })
})

describe('the list of polls', () => {
  it('has the newest first and tells no shards', async () => {
    const { model } = ask({ polls: [poll, aPoll({ id: 'later', createdAt: 5 })] })
    const { polls } = await model.polls()
    expect(polls.map(({ id, status }) => [id, status])).toEqual([
      ['later', 'open'],
      ['final', 'open'],
    ])
    expect(polls[0]).not.toHaveProperty('shards')
  })
})

describe('the shards of the whole system', () => {
  const rates: Traffic = { recordsPerSecond: 3, bytesPerSecond: 600, throttledPerSecond: 1 }

  /** A parent and its child; `failing` makes CloudWatch fail. */
  const watch = () => {
    const { store } = memoryReadStore({ polls: [], parts: [] })
    const clock = { now: 1_000_000, failing: false }
    const asked: (readonly string[])[] = []
    const warned: string[] = []
    const read: TrafficOptions['read'] = async (shardIds) => {
      asked.push(shardIds)
      if (clock.failing) throw new Error('throttled')
      return { shards: new Map([['s2', rates]]), throttledPerSecond: 1 }
    }
    const model = views({
      store: {
        ...store,
        readShardStates: async () =>
          new Map([
            ['s1', { open: false }],
            ['s2', { open: true, parents: ['s1'] }],
          ]),
      },
      now: () => clock.now,
      windowMs,
      iteratorAgeMaxAgeMs: 0,
      traffic: { read, periodMs: 5000, shardLimit: kinesisShardLimit },
      warn: (message) => warned.push(message),
    })
    return { model, clock, asked, warned }
  }

  it('have their parents and what producers sent them, beside what one shard takes', async () => {
    const { model } = watch()
    const { shards, shardLimit, throttledPerSecond } = await model.stats()
    expect(shards.map(({ id, parents, traffic }) => ({ id, parents, traffic }))).toEqual([
      { id: 's1', parents: [], traffic: null },
      { id: 's2', parents: ['s1'], traffic: rates },
    ])
    expect({ shardLimit, throttledPerSecond }).toEqual({
      shardLimit: { recordsPerSecond: 1000, bytesPerSecond: 1_048_576 },
      throttledPerSecond: 1,
    })
  })

  it('are asked about once in each period, the open ones alone', async () => {
    const { model, clock, asked } = watch()
    for (const at of [1_000_000, 1_004_999, 1_005_000, 1_009_000]) {
      clock.now = at
      await model.stats()
    }
    expect(asked).toEqual([['s2'], ['s2']])
  })

  it('are told without their traffic when it cannot be had, and the operators are told once', async () => {
    const { model, clock, warned } = watch()
    clock.failing = true
    for (let n = 0; n < 2; n++) {
      const { shards, throttledPerSecond } = await model.stats()
      expect([throttledPerSecond, shards[1]?.traffic]).toEqual([null, null])
    }
    expect(warned).toEqual(['It is not known what producers send to the stream'])
  })
})
