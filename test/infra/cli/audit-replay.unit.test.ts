import { describe, expect, it } from 'vitest'
import { pastWindows } from '../../../aggregators/audit/replay-windows.ts'
import { virtualClock } from '../../../infra/cli/audit/replay-clock.ts'
import { playingOf } from '../../../infra/cli/audit/replay-play.ts'
import { pastStore } from '../../../infra/cli/audit/replay-store.ts'
import { scoreboardLines, worthText } from '../../../infra/cli/audit/replay-table.ts'
import { pastViews, scoreboardAt } from '../../../infra/cli/audit/replay-views.ts'
import { createdAt, finalPoll, got, sumOf, windowMs } from './audit-replay-archive.ts'

const windows = (() => {
  const past = pastWindows('final')
  got.forEach(({ shardId, window, counts = {}, rejected = {} }, part) => {
    const start = createdAt + window * windowMs
    past.add({
      v: 1,
      shardId,
      part,
      window: { start, end: start + windowMs },
      first: '1',
      last: '1',
      records: 1,
      runs: [],
      digest: '',
      polls: { final: { counts, rejected } },
      rejected: {},
    })
  })
  return past.all()
})()
const past = { poll: finalPoll, windows, whole: true }

describe('the virtual clock', () => {
  it('plays the past at its speed, and goes on as fast as the real one', () => {
    let real = 7000
    const now = virtualClock({ from: 100_000, to: 130_000, speed: 10 }, () => real)
    const at = (ms: number) => {
      real = 7000 + ms
      return now()
    }
    expect([0, 1, 1000, 2999, 3000, 3001, 5000].map(at)).toEqual([
      100_000, 100_010, 110_000, 129_990, 130_000, 130_001, 132_000,
    ])
  })

  it('plays from the poll’s beginning, or its first vote, until it is final', () => {
    expect(playingOf(past, 10)).toEqual({ from: createdAt, to: finalPoll.finalAt, speed: 10 })
    const earlier = { ...past, poll: { ...finalPoll, createdAt: 0, opensAt: 0 } }
    expect(playingOf(earlier, 1).from).toBe(createdAt)
    const { finalAt: _final, closedAt: _closed, ...open } = finalPoll
    expect(playingOf({ poll: open, windows }, 1).to).toBe(createdAt + 5 * windowMs)
    expect(playingOf({ poll: finalPoll, windows: [] }, 1).from).toBe(createdAt)
  })
})

describe('the scoreboard of a past moment', () => {
  // windows  |  0  |  1  |     |     |  4 ×final|
  it.each([
    [0, 0, 'open'],
    [4999, 0, 'open'],
    [5000, 1, 'open'],
    [10_000, 2, 'open'],
    [21_999, 2, 'open'],
    [22_000, 2, 'closing'],
    [22_599, 2, 'closing'],
    [22_600, 5, 'final'],
    [99_000_000, 5, 'final'],
  ] as const)(
    '%d ms after the beginning is the plain sum of the first %d windows, %s',
    async (ms, n, status) => {
      const { counts, rejected } = sumOf(n)
      const board = await scoreboardAt(past, createdAt + ms)
      expect(Object.fromEntries(board.options.map(({ id, votes }) => [id, votes]))).toEqual({
        ana: 0,
        bia: 0,
        ...counts,
      })
      expect([board.rejected, board.status, board.asOf]).toEqual([rejected, status, createdAt + ms])
      expect(board.final?.finalAt).toBe(status === 'final' ? finalPoll.finalAt : undefined)
      expect(board.freshness.behindMs).toBe(0)
    },
  )

  it('has windows, shards and totals that agree with it', async () => {
    for (const ms of [0, 5000, 12_000, 30_000]) {
      const views = pastViews(past, () => createdAt + ms)
      const board = await views.scoreboard('final')
      const all = (await views.windows('final', undefined, 100))?.windows ?? []
      const inWindows = all.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0)
      const inShards = (await views.shards('final'))?.shards.reduce(
        (total, { counted }) => total + counted,
        0,
      )
      expect([inWindows, inShards, (await views.stats()).counted]).toEqual(Array(3).fill(board?.counted))
      expect(all.map(({ start }) => start)).toEqual(all.map(({ start }) => start).toSorted((a, b) => a - b))
    }
  })

  it('has the rate of the newest complete window', async () => {
    expect((await scoreboardAt(past, createdAt + 7000)).votesPerSecond).toBe(6 / 5)
    expect((await scoreboardAt(past, createdAt + 12_000)).votesPerSecond).toBe(1)
    expect((await scoreboardAt(past, createdAt + 17_000)).votesPerSecond).toBe(0)
  })

  it('is of this poll alone', async () => {
    expect(await pastStore(past, () => createdAt).readPoll('other')).toBeUndefined()
  })
})

describe('what is told of a past moment', () => {
  it('is how exact it is', () => {
    const told = (ms: number, changes: Partial<typeof past> = {}) =>
      worthText({ ...past, ...changes }, createdAt + ms)
    expect(told(10_000)).toBe('Exact up to 2026-09-21T14:13:30.000Z.')
    expect(told(12_000)).toBe('Exact up to 2026-09-21T14:13:32.000Z.')
    expect(told(7000)).toBe(
      'Exact up to 2026-09-21T14:13:25.000Z: the past is kept in windows of 5 s, and the one around 2026-09-21T14:13:27.000Z had not ended.',
    )
    expect(told(22_600)).toBe('Exact: the poll was final by then, and this is its result.')
    const { finalAt: _final, ...poll } = finalPoll
    expect(told(99_000, { poll, whole: false })).toBe(
      'Exact up to 2026-09-21T14:13:45.000Z. Not surely all of it: the poll has no last line in the archive yet, so windows may be missing.',
    )
  })

  it('is a table', async () => {
    expect(scoreboardLines(await scoreboardAt(past, createdAt + 5000))).toEqual([
      'Final (final), open, 2026-09-21T14:13:25.000Z',
      '',
      'OPTION    VOTES  SHARE',
      'Ana           4  66.67%',
      'Bia           2  33.33%',
      '',
      'Counted       6',
      'Rejected      1',
      '              1  unknown_option',
    ])
  })
})
