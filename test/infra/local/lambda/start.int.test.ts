import { expect, it } from 'vitest'
import { until } from '../until.ts'
import { count, dataOf, openMapping } from './open-mapping.ts'

it('a mapping that is new begins with the oldest record that the stream holds', async () => {
  const { events, putTogether, put } = await openMapping(count)
  await putTogether('a', 'b')
  await put('c')
  await until(() => events.flatMap(dataOf).length >= 3)
  expect(events.flatMap(dataOf)).toEqual(['a', 'b', 'c'])
  expect(events[0]?.state).toEqual({})
})

it('a window that was open when the mapping stopped has no final invoke, though it is over', async () => {
  const { events, put, restart, clock } = await openMapping(count)
  await put('a')
  await until(() => events.length === 1)
  clock.now += 60_000
  await restart()
  const seen = clock.looks
  await until(() => clock.looks > seen + 3)
  await put('b')
  await until(() => events.length === 2)
  expect(events.map(dataOf)).toEqual([['a'], ['b']])
  expect(events[1]).toMatchObject({ state: {}, isFinalInvokeForWindow: false })
})

it('retries are counted from 0 again after a restart', async () => {
  const invokeCounts: number[] = []
  const { events, put, restart } = await openMapping(
    () => Promise.reject(new Error('no table')),
    { MaximumRetryAttempts: 3 },
    {
      onFailure: async ({ requestContext }) => {
        invokeCounts.push(requestContext.approximateInvokeCount)
      },
    },
  )
  await put('a')
  await until(() => events.length > 0)
  await restart()
  await until(() => invokeCounts.length > 0)
  expect(invokeCounts).toEqual([4])
  expect(events.length).toBeGreaterThan(4)
})

it("a record's arrival is in seconds, with milliseconds as a fraction", async () => {
  const { events, put, clock } = await openMapping(count)
  clock.now = 1_000_123
  await put('a')
  await until(() => events.length === 1)
  expect(events[0]?.Records[0]?.kinesis.approximateArrivalTimestamp).toBe(1000.123)
})
