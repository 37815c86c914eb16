import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evolve } from '../../aggregators/evolve.ts'
import { emptyLedger, type Ledger, seal } from '../../aggregators/ledger.ts'
import { readPart } from '../../aggregators/part.ts'
import { scoreboard } from '../../dashboard/scoreboard.ts'
import { pollShards, stats } from '../../dashboard/shards.ts'
import { unknownTraffic } from '../../dashboard/traffic.ts'
import { windows } from '../../dashboard/windows.ts'
import { aPoll, defined, vote, votes } from '../aggregators/arrivals.ts'

const poll = aPoll({ createdAt: 0, opensAt: 0, shards: ['s1', 's2'] })
const polls = defined(poll, aPoll({ id: 'other', createdAt: 0, opensAt: 0 }))
const windowMs = 5000

const fold = (shardId: string, records: Parameters<typeof evolve>[1]['records'], start = 0): Ledger =>
  evolve(
    emptyLedger(shardId),
    { window: { start, end: start + windowMs }, records, countedAt: start + 2500 },
    polls,
  )

const at = (now: number, behindMs: number | null = 0) => ({ now, behindMs, windowMs })

describe('a scoreboard', () => {
  it('is the sum of its shards', () => {
    const ledgers = [fold('s1', [vote(1), votes(2, ['ana', 'eva'])]), fold('s2', [vote(3, 'bia')])]
    expect(scoreboard(poll, ledgers, at(3000, 12))).toEqual({
      poll: { id: 'final', title: 'Final', opensAt: 0, closesAt: null, options: poll.options },
      status: 'open',
      asOf: 3000,
      version: 4 * 4 + 1,
      counted: 3,
      rejected: { unknown_option: 1 },
      options: [
        { id: 'ana', label: 'Ana', votes: 2, share: 0.6667 },
        { id: 'bia', label: 'Bia', votes: 1, share: 0.3333 },
      ],
      votesPerSecond: 0,
      latency: { count: 3, p50: 2511, p90: 2511, p99: 2511, p999: 2511, max: 2511 },
      freshness: { newestArrival: 3, behindMs: 12, shardsReporting: 2, shards: 2 },
    })
  })

  it('of a poll without a vote is all zeros', () => {
    expect(scoreboard(poll, [], at(100))).toMatchObject({
      version: 1,
      counted: 0,
      options: [{ share: 0 }, { share: 0 }],
      latency: { count: 0, p50: 0, max: 0 },
      freshness: { newestArrival: null, shardsReporting: 0, shards: 2 },
    })
  })

  it('its version never falls, whichever votes come next', () => {
    const some = fc.array(fc.constantFrom('ana', 'bia', 'eva'), { maxLength: 10 })
    fc.assert(
      fc.property(some, some, (first, second) => {
        const records = [...first, ...second].map((option, n) => vote(n + 1, option))
        const before = scoreboard(poll, [fold('s1', records.slice(0, first.length))], at(100))
        const after = scoreboard(poll, [fold('s1', records)], at(100))
        expect(after.version - before.version).toBe(4 * second.length)
      }),
    )
  })

  // |---- 0 to 5000 ----|---- 5000 to 10000 ----|
  it('its rate is that of the newest complete window, sealed or not, and 0 when that had no vote', () => {
    const open = fold('s1', [vote(1), vote(2)])
    const sealed = seal(fold('s2', [vote(3), votes(4, ['ana', 'bia'])]))
    const rate = (now: number, behindMs = 0) =>
      scoreboard(poll, [open, sealed], at(now, behindMs)).votesPerSecond
    expect(rate(6999)).toBe(0)
    expect(rate(7000)).toBe(1)
    expect(rate(7000, 200)).toBe(0)
    expect(rate(11_999)).toBe(1)
    expect(rate(12_000)).toBe(0)
  })

  it('its rate does not fall when a shard has sealed newer windows already', () => {
    const first = seal(fold('s1', [vote(1), vote(2), votes(3, ['ana', 'ana', 'bia'])]))
    const second = seal({ ...fold('s1', [vote(9)], 5000), parts: 1, recent: first.recent })
    expect(scoreboard(poll, [second], at(7000)).votesPerSecond).toBe(1)
  })

  it('its rate takes a shard that has forgotten the window with the oldest one that it knows', () => {
    // Window n, from 0 on, has n + 1 votes; s1 has sealed 10 windows and keeps 2 to 9. s2 is still in window 0.
    const ahead = Array.from({ length: 10 }, (_, n) => n).reduce((ledger, n) => {
      const start = n * windowMs
      const record = votes(n + 1, Array(n + 1).fill('ana'), 'final', start)
      return seal(
        evolve(
          ledger,
          { window: { start, end: start + windowMs }, records: [record], countedAt: start },
          polls,
        ),
      )
    }, emptyLedger('s1'))
    const behind = fold('s2', [votes(1, ['ana', 'bia'])])
    const rate = (windowEnd: number) => scoreboard(poll, [ahead, behind], at(windowEnd + 2000)).votesPerSecond
    expect(rate(windowMs)).toBe((3 + 2) / 5)
    expect(rate(2 * windowMs)).toBe(3 / 5)
    expect(rate(4 * windowMs)).toBe(4 / 5)
  })
})

describe('windows', () => {
  it('are merged over shards and parts, oldest first, and the open ones are not complete', () => {
    const first = seal(fold('s1', [vote(1), vote(2, 'eva')]))
    const again = seal(fold('s2', [vote(3, 'bia')]))
    const open = { ...fold('s1', [vote(4)], 5000), parts: 1 }
    const parts = [again, first].flatMap(({ sealed }) => (sealed ? [readPart(sealed)] : []))
    expect(windows(poll, parts, [{ ...open, sealed: first.sealed }], at(20_000))).toEqual([
      { start: 0, end: 5000, complete: true, counts: { ana: 1, bia: 1 }, rejected: { unknown_option: 1 } },
      { start: 5000, end: 10_000, complete: false, counts: { ana: 1 }, rejected: {} },
    ])
  })

  it('a part that is sealed after the ledgers were read counts once', () => {
    const open = fold('s1', [vote(1)])
    const { sealed } = seal(open)
    const parts = sealed ? [readPart(sealed)] : []
    expect(windows(poll, parts, [open], at(20_000))).toEqual([
      { start: 0, end: 5000, complete: true, counts: { ana: 1 }, rejected: {} },
    ])
  })

  it('a window that has just ended is not complete while records of it may be unread', () => {
    const { sealed } = seal(fold('s1', [vote(1)]))
    const parts = sealed ? [readPart(sealed)] : []
    const complete = (now: number, behindMs: number) =>
      windows(poll, parts, [], at(now, behindMs))[0]?.complete
    expect([complete(6999, 0), complete(7000, 0), complete(7000, 1)]).toEqual([false, true, false])
  })

  it('of a final poll are all complete, since it gets no more votes', () => {
    const open = fold('s1', [vote(1)])
    const ended = { id: 'final', finalAt: 100 }
    expect(windows(ended, [], [open], at(200))).toEqual([
      { start: 0, end: 5000, complete: true, counts: { ana: 1 }, rejected: {} },
    ])
  })

  it('a window without a record of the poll is not shown', () => {
    expect(windows(poll, [], [fold('s1', [vote(1, 'ana', 'other')])], at(9000))).toEqual([])
  })
})

describe('shards', () => {
  const states = new Map([
    ['s1', { open: true }],
    ['s9', { open: true }],
  ])
  const ledgers = [
    fold('s1', [vote(1), vote(2, 'eva')]),
    fold('s2', [vote(3, 'ana', 'other'), vote(4, 'ana', 'nowhere')]),
  ]

  it('of a poll are all there are, with what the poll got in each', () => {
    expect(pollShards('final', ledgers, states, at(100))).toEqual([
      { id: 's1', counted: 1, rejected: 1, votesPerSecond: 0, lastArrival: 2, open: true },
      { id: 's2', counted: 0, rejected: 0, votesPerSecond: 0, lastArrival: null, open: false },
      { id: 's9', counted: 0, rejected: 0, votesPerSecond: 0, lastArrival: null, open: true },
    ])
  })

  it('the whole system counts votes for no poll too', () => {
    const all = stats(ledgers, { states, traffic: unknownTraffic, shardLimit: null }, at(100, null))
    expect(all).toMatchObject({
      counted: 2,
      rejected: { unknown_option: 1, unknown_poll: 1 },
      behindMs: null,
    })
    expect(all.latency.acceptedToCounted).toMatchObject({ count: 2, clamped: 0 })
    expect(all.latency.acceptedToCounted.buckets.reduce((n, { count }) => n + count, 0)).toBe(2)
    expect(all.shards.map(({ id, counted, rejected }) => [id, counted, rejected])).toEqual([
      ['s1', 1, 1],
      ['s2', 1, 1],
      ['s9', 0, 0],
    ])
  })
})
