import { describe, expect, it } from 'vitest'
import { shardId } from '../../../../infra/local/kinesis/shard.ts'
import { until } from '../until.ts'
import { count, dataOf, openMapping } from './open-mapping.ts'

const tenSeconds = { MaximumBatchingWindowInSeconds: 10, TumblingWindowInSeconds: 900 }

describe('MaximumBatchingWindowInSeconds', () => {
  it('is how long records are gathered, from the last invocation on', async () => {
    const { put, events, clock } = await openMapping(count, tenSeconds)
    const looks = (seen = clock.looks) => until(() => clock.looks > seen + 5)
    await put('a')
    clock.now += 9999
    await put('b')
    await looks()
    expect(events.length).toBe(0)
    clock.now += 1
    await until(() => events.length === 1)
    await put('c')
    clock.now += 9999
    await looks()
    expect(events.length).toBe(1)
    clock.now += 1
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a', 'b'], ['c']])
  })

  it('does not keep a full batch waiting', async () => {
    const { put, events } = await openMapping(count, { ...tenSeconds, BatchSize: 2 })
    await put('a')
    await put('b')
    await until(() => events.length === 1)
    expect(events.map(dataOf)).toEqual([['a', 'b']])
  })

  it('ends with the tumbling window: the first record of the next one lets the batch go', async () => {
    const { put, events, clock } = await openMapping(count, { ...tenSeconds, TumblingWindowInSeconds: 5 })
    await put('a')
    clock.now += 5000
    await put('b')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], []])
  })

  it('ends with the shard', async () => {
    const { put, stream, events } = await openMapping(count, tenSeconds)
    await put('a')
    await stream().split(shardId(0), String(2n ** 127n))
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], []])
  })
})
