import { describe, expect, it } from 'vitest'
import { batchReport } from '../../aggregators/batch-report.ts'
import { evolve } from '../../aggregators/evolve.ts'
import { emptyLedger, type Ledger } from '../../aggregators/ledger.ts'
import { aPoll, vote } from './arrivals.ts'

const poll = aPoll({ createdAt: 0, opensAt: 0 })
const polls = new Map([[poll.id, poll]])
const window = { start: 0, end: 5000 }

/** The ledger after these votes; `vote(n)` was accepted at n. */
const folded = (ledger: Ledger, countedAt: number, ...records: ReturnType<typeof vote>[]): Ledger =>
  evolve(ledger, { window, records, countedAt }, polls)

describe('what an invocation adds to a ledger', () => {
  it('is everything, where there was none before', () => {
    const ledger = folded(emptyLedger('a'), 300, vote(1), vote(2), vote(3, 'nobody'))
    expect(batchReport(undefined, ledger)).toMatchObject({ counted: 2, rejected: 1 })
  })

  it('leaves out what was there before, latencies too', () => {
    const before = folded(emptyLedger('a'), 3_000_000, vote(1), vote(2, 'nobody'))
    const { counted, rejected, acceptedToCountedP99 } = batchReport(before, folded(before, 103, vote(3)))
    expect({ counted, rejected }).toEqual({ counted: 1, rejected: 0 })
    expect(acceptedToCountedP99).toBe(100)
  })

  it('has no latency where nothing was counted', () => {
    const ledger = folded(emptyLedger('a'), 300, vote(1, 'nobody'))
    expect(batchReport(undefined, ledger)).toEqual({ counted: 0, rejected: 1, acceptedToCountedP99: null })
  })

  it('is nothing after a replay', () => {
    const before = folded(emptyLedger('a'), 300, vote(1), vote(2))
    expect(batchReport(before, folded(before, 900, vote(1), vote(2)))).toEqual({
      counted: 0,
      rejected: 0,
      acceptedToCountedP99: null,
    })
  })
})
