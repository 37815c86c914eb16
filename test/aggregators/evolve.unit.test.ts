import { describe, expect, it } from 'vitest'
import { evolve } from '../../aggregators/evolve.ts'
import { readPart } from '../../aggregators/part.ts'
import {
  aLedger,
  aPoll,
  aRecord,
  defined,
  digestOf,
  marker,
  shardId,
  unreadable,
  vote,
  votes,
} from './arrivals.ts'

const window = { start: 0, end: 10_000 }
const polls = defined(aPoll())
const fold = (records: Parameters<typeof evolve>[1]['records'], at = polls, from = aLedger()) =>
  evolve(from, { window, records, countedAt: 9000 }, at)

describe('which vote counts', () => {
  it('a vote for an option of an open poll is counted', () => {
    const ledger = fold([vote(2000, 'ana'), vote(2001, 'bia'), vote(2002, 'ana')])
    expect(ledger.entries.final?.counts).toEqual({ ana: 2, bia: 1 })
    expect(ledger.lifetime).toEqual({ counted: 3, rejected: {} })
  })

  //  createdAt      opensAt        closesAt
  //     |              |              |
  // ----[--------------[--------------)-----> arrival
  //  unknown  not_open_yet  counted     closed
  it.each([
    [999, 'unknown_poll'],
    [1000, 'not_open_yet'],
    [1999, 'not_open_yet'],
    [2000, undefined],
    [2999, undefined],
    [3000, 'closed'],
  ])('a vote that arrives at %i is judged by arrival alone: %s', (arrival, reason) => {
    const poll = defined(aPoll({ createdAt: 1000, opensAt: 2000, closesAt: 3000 }))
    const { lifetime } = fold([vote(arrival)], poll)
    expect(lifetime).toEqual(
      reason ? { counted: 0, rejected: { [reason]: 1 } } : { counted: 1, rejected: {} },
    )
  })

  it('a vote for an undefined or a void poll is unknown_poll and makes no entry', () => {
    for (const at of [defined(), defined(aPoll({ voided: true }))]) {
      const ledger = fold([vote(2000)], at)
      expect(ledger.lifetime.rejected).toEqual({ unknown_poll: 1 })
      expect(ledger.entries).toEqual({})
      expect(ledger.open?.rejected).toEqual({ unknown_poll: 1 })
    }
  })

  it('an option that the poll has not is unknown_option, whatever its name', () => {
    const ledger = fold([votes(2000, ['eva', 'constructor', 'ana'])])
    expect(ledger.entries.final).toMatchObject({ counts: { ana: 1 }, rejected: { unknown_option: 2 } })
  })

  it('unknown options are told before the opening hours, and a closed poll before both', () => {
    const scheduled = defined(aPoll({ opensAt: 5000 }))
    expect(fold([vote(2000, 'eva')], scheduled).lifetime.rejected).toEqual({ unknown_option: 1 })
    const after = fold([marker(1500, aPoll({ shards: [shardId] })), vote(2000, 'eva')], scheduled)
    expect(after.lifetime.rejected).toEqual({ closed: 1 })
  })

  it('a poll and an option may be called constructor', () => {
    const poll = aPoll({
      id: 'constructor',
      options: [
        { id: 'constructor', label: 'C' },
        { id: 'ana', label: 'A' },
      ],
    })
    const ledger = fold([vote(2000, 'constructor', 'constructor')], defined(poll))
    expect(ledger.lifetime.counted).toBe(1)
    expect(Object.entries(ledger.entries)).toMatchObject([['constructor', { counts: { constructor: 1 } }]])
  })

  it('a record that cannot be read is malformed, as often as its n says', () => {
    const broken = aRecord(2001, { kind: 'rejected', reason: 'malformed', n: 500 })
    expect(fold([unreadable(2000), broken]).lifetime.rejected).toEqual({ malformed: 501 })
  })

  it('a record whose fold throws is malformed, and the others count', () => {
    const bad = votes(2001, ['ana', 'bia'])
    const ledger = evolve(
      aLedger(),
      { window, records: [vote(2000), bad, vote(2002)], countedAt: 9000 },
      polls,
      (records, step) =>
        records.filter((record) => {
          if (record === bad) return true
          step(record)
          return false
        }),
    )
    expect(ledger.lifetime).toEqual({ counted: 2, rejected: { malformed: 2 } })
    expect(ledger.open).toMatchObject({
      records: 3,
      runs: [3],
      digest: digestOf([vote(2000), bad, vote(2002)], [3]),
    })
    expect(ledger.checkpoint).toBe(vote(2002).sequenceNumber)
  })
})

describe('closing', () => {
  it('votes before the marker count and votes behind it are closed', () => {
    const ledger = fold([vote(2000), marker(2001, aPoll({ shards: [shardId], closedAt: 2001 })), vote(2002)])
    expect(ledger.entries.final).toEqual({
      counts: { ana: 1 },
      rejected: {},
      passed: true,
      lastArrival: 2000,
    })
    expect(ledger.open?.polls.final).toEqual({ counts: { ana: 1 }, rejected: {} })
    expect(ledger.open?.rejected).toEqual({ closed: 1 })
    expect(ledger.lifetime).toEqual({ counted: 1, rejected: { closed: 1 } })
  })

  it('a marker in a shard without a vote makes an entry that has passed', () => {
    expect(fold([marker(2000, aPoll({ shards: [shardId] }))]).entries.final).toMatchObject({
      counts: {},
      passed: true,
    })
  })

  it('a shard that the frozen set does not name is born closed', () => {
    const ledger = fold([vote(2000)], defined(aPoll({ closedAt: 1900, shards: ['shardId-000000000009'] })))
    expect(ledger.entries.final).toEqual({ counts: {}, rejected: {}, passed: true, lastArrival: null })
    expect(ledger.lifetime.rejected).toEqual({ closed: 1 })
  })

  it('a vote for a final poll is closed and makes no entry', () => {
    const ledger = fold([vote(2000)], defined(aPoll({ closedAt: 1900, finalAt: 1950 })))
    expect(ledger.entries).toEqual({})
    expect(ledger.lifetime.rejected).toEqual({ closed: 1 })
  })

  it('a body that says it is a marker is none: only the partition key tells', () => {
    const body = JSON.stringify({ v: 1, control: 'close', poll: aPoll() })
    expect(aRecord(1, { kind: 'rejected', reason: 'malformed', n: 1 }).body).toMatchObject({
      reason: 'malformed',
    })
    expect(body).toContain('close')
  })
})

describe('parts', () => {
  // |---- window 1 ----|---- window 2 ----|
  //    v2000  v2001        v10000
  it('the first record of another window seals the open part, and starts a new one', () => {
    const before = fold([vote(2000), vote(2001)])
    const next = { start: 10_000, end: 20_000 }
    const after = evolve(before, { window: next, records: [vote(10_000)], countedAt: 19_000 }, polls)
    expect(after.sealed && readPart(after.sealed)).toMatchObject({
      part: 0,
      window,
      first: vote(2000).sequenceNumber,
      last: vote(2001).sequenceNumber,
      records: 2,
      polls: { final: { counts: { ana: 2 } } },
    })
    expect(after.open).toMatchObject({ window: next, records: 1, first: vote(10_000).sequenceNumber })
    expect(after).toMatchObject({ parts: 1, head: after.sealed?.hash })
  })

  it('every put that adds records is a run, and a replay adds none', () => {
    const records = [vote(2000), vote(2001), vote(2002)]
    const first = fold(records.slice(0, 2))
    const after = fold(records, polls, first)
    expect(after.open).toMatchObject({ runs: [2, 1], records: 3, digest: digestOf(records, [2, 1]) })
    expect(fold(records, polls, after)).toBe(after)
  })

  it('a part that an older Placar began without runs is sealed as it is', () => {
    const { open, ...rest } = fold([vote(2000)])
    if (open === null) throw new Error('no part')
    const { runs: _, ...without } = open
    const after = fold([vote(2001)], polls, { ...rest, open: without as typeof open })
    expect(after.sealed && readPart(after.sealed)).not.toHaveProperty('runs')
    expect(after.open).toMatchObject({ runs: [1], records: 1 })
  })

  it('a put forgets the part that the one before it sealed', () => {
    const sealed = { shardId, number: 0, bytes: '{}', hash: 'h', previous: 'p' }
    expect(fold([vote(2000)], polls, aLedger({ sealed, parts: 1, head: 'h' })).sealed).toBeNull()
  })
})

describe('latency', () => {
  it('is recorded per counted vote, and a clock that steps back is clamped and counted as such', () => {
    const ledger = evolve(
      aLedger(),
      { window, records: [votes(2000, ['ana', 'bia', 'eva'])], countedAt: 1500 },
      polls,
    )
    expect(ledger.latency.storedToCounted?.clamped).toBe(2)
    expect(ledger.latency.acceptedToStored?.clamped).toBe(0)
  })
})
