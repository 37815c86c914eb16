import { describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { type Answer, count, dataOf, openMapping } from './open-mapping.ts'

const large = 'x'.repeat(1024 * 1024)

/** Counts, and answers a state over 1 MB for the record `b`. */
const swelling: Answer = (event, call) =>
  dataOf(event).includes('b') ? { state: { large } } : count(event, call)

describe('a state over 1 MB', () => {
  // |---- window, 5 s ----|
  //   a  b  final,early  c  (next window)  final  d
  it('ends the window early; the same window goes on with a fresh state, and ends once more', async () => {
    const { put, events, clock } = await openMapping(swelling)
    await put('a')
    await until(() => events.length === 1)
    await put('b')
    await until(() => events.length === 3)
    await put('c')
    await until(() => events.length === 4)
    clock.now += 5000
    await put('d')
    await until(() => events.length === 6)
    expect(events.map((event) => dataOf(event).join(''))).toEqual(['a', 'b', '', 'c', '', 'd'])
    expect(events.map(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
    ])
    expect(events.map(({ isWindowTerminatedEarly }) => isWindowTerminatedEarly)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ])
    expect(events.map(({ state }) => state)).toEqual([{}, { n: 1 }, { large }, {}, { n: 1 }, {}])
    expect(new Set(events.slice(0, 5).map(({ window }) => window.start)).size).toBe(1)
  })

  it('holds the shard until the invoke that ends the window has succeeded', async () => {
    let failures = 1
    const { put, events } = await openMapping((event, call) => {
      if (event.isWindowTerminatedEarly && failures-- > 0) throw new Error('no table')
      return swelling(event, call)
    })
    await put('b')
    await until(() => events.length === 2)
    await put('c')
    await until(() => events.length === 4)
    expect(events.map((event) => dataOf(event).join(''))).toEqual(['b', '', '', 'c'])
    expect(events[3]).toMatchObject({ state: {}, isWindowTerminatedEarly: false })
  })

  it('is followed by no second final invoke where no record of the window comes any more', async () => {
    const { put, events, clock } = await openMapping(swelling)
    await put('b')
    await until(() => events.length === 2)
    clock.now += 10_000
    const seen = clock.looks
    await until(() => clock.looks > seen + 3)
    await put('c')
    await until(() => events.length === 3)
    expect(events.map((event) => dataOf(event).join(''))).toEqual(['b', '', 'c'])
  })
})

describe('an answer over 6 MB', () => {
  it('is a failure: the same records again, with the state as it was', async () => {
    const { put, events } = await openMapping((event, call) =>
      call === 1 ? { state: { large: 'x'.repeat(6 * 1024 * 1024) } } : count(event, call),
    )
    await put('a')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], ['a']])
    expect(events[1]).toMatchObject({ state: {}, isFinalInvokeForWindow: false })
  })
})
