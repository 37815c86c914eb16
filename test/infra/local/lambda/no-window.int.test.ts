import { describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { dataOf, openMapping } from './open-mapping.ts'

describe('a mapping without tumbling windows', () => {
  const without = { TumblingWindowInSeconds: 0 }

  it('calls the function with records alone, and needs no answer', async () => {
    const { put, events } = await openMapping(() => undefined, without)
    await put('a')
    await until(() => events.length === 1)
    await put('b')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], ['b']])
    expect(events.map(Object.keys)).toEqual([['Records'], ['Records']])
  })

  it('cuts no batch by time, and makes no final invoke', async () => {
    const { put, putTogether, clock, mapping, events } = await openMapping(() => ({}), without)
    await mapping().close()
    await put('a')
    clock.now += 3_600_000
    await putTogether('b')
    await until(() => events.length === 1)
    clock.now += 3_600_000
    const seen = clock.looks
    await until(() => clock.looks > seen + 3)
    expect(events.map(dataOf)).toEqual([['a', 'b']])
  })

  it('tries a batch again when the function fails', async () => {
    const { put, events } = await openMapping((_event, call) => {
      if (call === 1) throw new Error('no table')
    }, without)
    await put('a')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], ['a']])
  })
})
