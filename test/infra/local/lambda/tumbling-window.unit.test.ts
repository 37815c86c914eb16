import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batchFields,
  finalFields,
  isOver,
  isWithin,
  maxStateBytes,
  stateOf,
  windowOf,
} from '../../../../infra/local/lambda/tumbling-window.ts'

const window = { start: 5000, end: 10_000 }
const open = { window, state: '{"n":1}' }
const stateOfBytes = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`

describe('a window', () => {
  it('includes its start, excludes its end, and is aligned to the epoch', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), fc.integer({ min: 1, max: 900 }), (arrival, seconds) => {
        const { start, end } = windowOf(arrival, seconds * 1000)
        expect(start <= arrival && arrival < end).toBe(true)
        expect(end - start).toBe(seconds * 1000)
        expect(start % (seconds * 1000)).toBe(0)
      }),
    )
  })

  it('holds neither what arrives at its end nor what arrived before its start', () => {
    expect([4999, 5000, 9999, 10_000].map((arrival) => isWithin(window, arrival))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('begins with an empty state, and goes on with the last one', () => {
    expect(batchFields(undefined, window).state).toBe('{}')
    expect(batchFields({ window: { start: 0, end: 5000 }, state: '{"n":7}' }, window).state).toBe('{}')
    expect(batchFields(open, window)).toEqual({
      ...open,
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    })
  })
})

describe('a window is over', () => {
  const idleCloseMs = 1000
  const waiting = (nowMs: number, hasEnded = false) => isOver(open, { nowMs, hasEnded }, idleCloseMs)

  it('before a record of a later or an earlier window, and not before one of its own', () => {
    const before = (arrivalMs: number) => isOver(open, { arrivalMs }, idleCloseMs)
    expect([4999, 5000, 9999, 10_000].map(before)).toEqual([true, false, false, true])
  })

  it('when it has ended and nothing came for a while', () => {
    expect([9999, 10_999, 11_000].map((nowMs) => waiting(nowMs))).toEqual([false, false, true])
  })

  it('when its shard has ended and is read, at any time', () => {
    expect(waiting(5001, true)).toBe(true)
  })

  it('early when its state is over 1 MB, and not when it has just that', () => {
    const at = (bytes: number) =>
      isOver({ window, state: stateOfBytes(bytes) }, { arrivalMs: 6000 }, idleCloseMs)
    expect([maxStateBytes, maxStateBytes + 1].map(at)).toEqual([false, true])
  })

  it('early by bytes, not by characters', () => {
    const state = `"${'é'.repeat(maxStateBytes / 2)}"`
    expect(isOver({ window, state }, { arrivalMs: 6000 }, idleCloseMs)).toBe(true)
  })
})

describe('the final invoke', () => {
  it('has the state of the window', () => {
    expect(finalFields(open)).toEqual({
      ...open,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
    })
  })

  it('says so when the state was too large', () => {
    const state = stateOfBytes(maxStateBytes + 1)
    expect(finalFields({ window, state })).toEqual({
      window,
      state,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: true,
    })
  })
})

describe('an answer', () => {
  it('has a state when it has one that is an object', () => {
    expect(stateOf({ state: { n: 1 }, batchItemFailures: [] })).toBe('{"n":1}')
    expect([null, 7, {}, { state: null }, { state: 'x' }].map(stateOf)).toEqual(Array(5).fill(undefined))
  })
})
