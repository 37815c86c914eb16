import { describe, expect, it } from 'vitest'
import { overdue } from '../../../aggregators/close/overdue.ts'
import { aPoll } from '../arrivals.ts'

const base = { createdAt: 0, opensAt: 0 }

describe('closing is behind', () => {
  it('by nothing while polls are open, or closed by hand only', () => {
    const polls = [aPoll({ ...base, closesAt: 5001 }), aPoll({ ...base, closesAt: null })]
    expect(overdue(polls, 5000)).toEqual({ polls: 0, oldestMs: 0 })
  })

  it('since a poll should have closed, though nobody has closed it', () => {
    expect(overdue([aPoll({ ...base, closesAt: 2000 })], 5000)).toEqual({ polls: 1, oldestMs: 3000 })
  })

  it('since a poll was closed, where that was before its time', () => {
    expect(overdue([aPoll({ ...base, closesAt: 9000, closedAt: 4000 })], 5000)).toEqual({
      polls: 1,
      oldestMs: 1000,
    })
  })

  it('by a poll that was closed by a clock ahead of ours', () => {
    expect(overdue([aPoll({ ...base, closedAt: 5900 })], 5000)).toEqual({ polls: 1, oldestMs: 0 })
  })

  it('by the poll that waits the longest', () => {
    const polls = [4000, 1000, 3000].map((closedAt) => aPoll({ ...base, closesAt: null, closedAt }))
    expect(overdue(polls, 5000)).toEqual({ polls: 3, oldestMs: 4000 })
  })

  it('not by polls that were never defined', () => {
    const polls = [
      aPoll({ ...base, closesAt: 1000, pending: true }),
      aPoll({ ...base, closesAt: 1000, voided: true }),
    ]
    expect(overdue(polls, 5000)).toEqual({ polls: 0, oldestMs: 0 })
  })
})
