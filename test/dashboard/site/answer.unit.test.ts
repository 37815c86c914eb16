import { describe, expect, test } from 'vitest'
import { retryAfterOf, timesOf } from '../../../dashboard/site/model/answer.ts'

const date = 'Mon, 21 Sep 2026 14:13:20 GMT'

describe('the times in an answer’s headers', () => {
  test('Date is the moment for which the answer vouches, and what a cache added has passed since', () => {
    expect(timesOf(new Headers({ date }))).toEqual({ dateMs: 1_790_000_000_000, serverMs: 1_790_000_000_000 })
    expect(timesOf(new Headers({ date, age: '3' }))).toEqual({
      dateMs: 1_790_000_000_000,
      serverMs: 1_790_000_003_000,
    })
  })

  test('a missing or unreadable Date tells nothing, and an unreadable Age adds nothing', () => {
    expect(timesOf(new Headers())).toEqual({})
    expect(timesOf(new Headers({ date: 'yesterday' }))).toEqual({})
    expect(timesOf(new Headers({ date, age: 'old' })).serverMs).toBe(1_790_000_000_000)
  })

  test('Retry-After is whole seconds', () => {
    expect(retryAfterOf(new Headers({ 'retry-after': '2' }))).toEqual({ retryAfterMs: 2_000 })
    expect(retryAfterOf(new Headers())).toEqual({})
    expect(retryAfterOf(new Headers({ 'retry-after': date }))).toEqual({})
  })
})
