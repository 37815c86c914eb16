import { describe, expect, it } from 'vitest'
import { evolve } from '../../aggregators/evolve.ts'
import { emptyLedger, type Ledger } from '../../aggregators/ledger.ts'
import { own } from '../../aggregators/tally.ts'
import type { ReadStore } from '../../dashboard/read-store.ts'
import { views } from '../../dashboard/views.ts'
import type { Poll, PollResult } from '../../ingest/poll.ts'
import { aPoll, defined, vote } from '../aggregators/arrivals.ts'
import { aPart, memoryReadStore } from './memory-read-store.ts'

const windowMs = 5000
const open = aPoll({ createdAt: 0, opensAt: 0, shards: ['s1', 's2'] })

const fold = (shardId: string, options: string[], poll: Poll): Ledger =>
  evolve(
    emptyLedger(shardId),
    {
      window: { start: 0, end: windowMs },
      records: options.map((option, n) => vote(n + 1, option)),
      countedAt: 300,
    },
    defined(poll),
  )

const ledgers = [fold('s1', ['ana', 'ana', 'eva'], open), fold('s2', ['bia', 'ana'], open)]
const histogram = ledgers[0]?.latency.acceptedToCounted ?? { histogram: '', clamped: 0 }

const result: PollResult = {
  counts: { ana: 3, bia: 1 },
  rejected: { unknown_option: 1 },
  shards: { s1: { counted: 2, rejected: 1 }, s2: { counted: 2, rejected: 0 } },
  newestArrival: 3,
  unproved: [],
  latency: histogram,
}
const ended: Poll = { ...open, closedAt: 1000, finalAt: 1600, result }

const dropped = (ledger: Ledger): Ledger => ({ ...ledger, entries: {} })

const ask = (store: Partial<ReadStore>, now = 10_000) =>
  views({
    store: { ...memoryReadStore({ polls: [ended], parts: [], ledgers }).store, ...store },
    now: () => now,
    windowMs,
    iteratorAgeMaxAgeMs: 1000,
    warn: () => {},
  })

const noLedger = async (): Promise<never> => {
  throw new Error('a ledger was read for a final poll')
}

describe('a final poll', () => {
  it('has its result as its scoreboard, whatever the ledgers say by then', async () => {
    const reader = ask({ readLedgers: noLedger, readIteratorAge: async () => 9000 })
    expect(await reader.scoreboard('final')).toEqual({
      poll: { id: 'final', title: 'Final', opensAt: 0, closesAt: null, options: open.options },
      status: 'final',
      asOf: 10_000,
      version: 4 * 5 + 3,
      counted: 4,
      rejected: { unknown_option: 1 },
      options: [
        { id: 'ana', label: 'Ana', votes: 3, share: 0.75 },
        { id: 'bia', label: 'Bia', votes: 1, share: 0.25 },
      ],
      votesPerSecond: 0,
      latency: { count: 2, p50: 299, p90: 299, p99: 299, p999: 299, max: 299 },
      freshness: { newestArrival: 3, behindMs: 0, shardsReporting: 2, shards: 2 },
      final: { closedAt: 1000, finalAt: 1600, proved: true, unproved: [] },
    })
  })

  it('changes in nothing but asOf from then on', async () => {
    const first = await ask({ readLedgers: noLedger }).scoreboard('final')
    const later = await ask({ readLedgers: noLedger, readIteratorAge: async () => null }, 99_000).scoreboard(
      'final',
    )
    expect(later).toEqual({ ...first, asOf: 99_000 })
  })

  it('names the shards in which votes may have expired unread', async () => {
    const unproved = { ...ended, result: { ...result, unproved: ['s2'] } }
    const board = await ask({ readPoll: async () => unproved }).scoreboard('final')
    expect(board?.final).toEqual({ closedAt: 1000, finalAt: 1600, proved: false, unproved: ['s2'] })
  })

  it('is listed as final', async () => {
    expect((await ask({}).polls()).polls).toEqual([expect.objectContaining({ id: 'final', status: 'final' })])
  })

  it('has per shard what the result says, beside the shards of the stream that had no vote', async () => {
    const readShardStates = async () => new Map([['s3', { open: true }]])
    const { shards = [] } = (await ask({ readLedgers: noLedger, readShardStates }).shards('final')) ?? {}
    expect(shards.map(({ id, counted, rejected, open }) => [id, counted, rejected, open])).toEqual([
      ['s1', 2, 1, false],
      ['s2', 2, 0, false],
      ['s3', 0, 0, true],
    ])
  })

  it('has the windows of its parts, though the ledgers have dropped it', async () => {
    const { store } = memoryReadStore({
      polls: [ended],
      parts: [aPart(0, windowMs, 4)],
      ledgers: ledgers.map((ledger) => ({ ...dropped(ledger), open: null })),
    })
    expect(await ask(store).windows('final', undefined, 10)).toEqual({
      windows: [{ start: 0, end: windowMs, complete: true, counts: { ana: 4 }, rejected: {} }],
    })
  })
})

describe('a poll that becomes final, and is dropped, between two reads', () => {
  // definition (open) → final and dropped by one or both ledgers → ledgers → definition (final)
  const race = (left: Ledger[]) => {
    let now: { poll: Poll; ledgers: Ledger[] } = { poll: open, ledgers }
    return ask({
      readPoll: async () => now.poll,
      readLedgers: async (ids) => {
        now = { poll: ended, ledgers: left }
        return now.ledgers.filter(({ shardId }) => ids.includes(shardId))
      },
    })
  }
  const [s1, s2] = ledgers as [Ledger, Ledger]

  it.each([
    ['both ledgers', [dropped(s1), dropped(s2)]],
    ['one ledger', [s1, dropped(s2)]],
  ])('by %s never shows fewer votes than before', async (_which, left) => {
    const before = await ask({ readPoll: async () => open }).scoreboard('final')
    expect([before?.counted, before?.status]).toEqual([4, 'open'])
    const board = await race(left).scoreboard('final')
    expect([board?.counted, board?.rejected, board?.status]).toEqual([4, { unknown_option: 1 }, 'final'])
    expect(board?.version).toBeGreaterThan(before?.version ?? Number.POSITIVE_INFINITY)
    const shards = await race(left).shards('final')
    expect(shards?.shards.map(({ counted }) => counted)).toEqual([2, 2])
  })

  it('is shown as it was read when every ledger still had it', async () => {
    expect(await race(ledgers).scoreboard('final')).toMatchObject({ status: 'open', counted: 4 })
  })
})

it('a shard that has joined and not put its first vote yet counts as nothing', async () => {
  const reads: string[] = []
  const board = await ask({
    readPoll: async () => {
      reads.push('definition')
      return open
    },
    readLedgers: async () => {
      reads.push('ledgers')
      return ledgers.filter(({ entries, shardId }) => own(entries, 'final') && shardId === 's1')
    },
  }).scoreboard('final')
  expect(board).toMatchObject({ status: 'open', counted: 2, freshness: { shardsReporting: 1, shards: 2 } })
  expect(reads).toEqual(['definition', 'ledgers', 'definition'])
})
