import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  dueBehind,
  type TriedBatch,
  untried,
} from '../../../../infra/local/lambda/retry-policy.ts'

const once = { MaximumRetryAttempts: 1, BisectBatchOnFunctionError: false }
const forever = { MaximumRetryAttempts: -1, BisectBatchOnFunctionError: false }
const bisecting = { MaximumRetryAttempts: 0, BisectBatchOnFunctionError: true }
const batch = untried(4)

describe('a batch that failed', () => {
  it('is tried again as it is, as often as is allowed, and then discarded', () => {
    const failed: TriedBatch = { count: 4, failures: 1, invocations: 1, failure: 'error' }
    expect(afterFailure(batch, 'error', 0, once)).toEqual({ again: [failed] })
    expect(afterFailure(failed, 'error', 0, once)).toEqual({
      discarded: { ...failed, failures: 2, invocations: 2 },
    })
  })

  it('is discarded at once where no retry is allowed', () => {
    expect(afterFailure(batch, 'error', 0, { ...once, MaximumRetryAttempts: 0 })).toHaveProperty('discarded')
  })

  it('is tried again without limit where there is none', () => {
    expect(afterFailure({ ...batch, failures: 1e6 }, 'error', 0, forever)).toHaveProperty('again')
  })

  it('is tried again from the first record that was reported, which uses up a retry', () => {
    const rest: TriedBatch = { count: 1, failures: 1, invocations: 1, failure: 'reported' }
    expect(afterFailure(batch, 'reported', 3, once)).toEqual({ again: [rest] })
    expect(afterFailure({ ...batch, failures: 1 }, 'reported', 3, once)).toHaveProperty('discarded')
  })
})

describe('bisecting', () => {
  it('cuts a batch in two, the larger part first, and uses up no retry', () => {
    const half = { failures: 0, invocations: 1, failure: 'error' as const }
    expect(afterFailure(untried(5), 'error', 0, bisecting)).toEqual({
      again: [
        { ...half, count: 3 },
        { ...half, count: 2 },
      ],
    })
  })

  it('leaves a single record to the retries', () => {
    expect(afterFailure(untried(1), 'error', 0, bisecting)).toHaveProperty('discarded')
  })

  it('cuts at the record that was reported instead of in the middle', () => {
    expect(afterFailure(batch, 'reported', 3, bisecting)).toEqual({
      again: [{ count: 1, failures: 0, invocations: 1, failure: 'reported' }],
    })
  })

  it('cuts nothing where the first record was reported, which uses up a retry', () => {
    expect(afterFailure(batch, 'reported', 0, bisecting)).toHaveProperty('discarded')
  })
})

describe('what is still due', () => {
  it('is what was left of the first batch, and the others', () => {
    const [first, second] = [untried(3), untried(2)]
    expect(dueBehind([first, second], 3)).toEqual([second])
    expect(dueBehind([first, second], 1)).toEqual([untried(2), second].map((due) => ({ ...due })))
    expect(dueBehind([], 7)).toEqual([])
  })
})
