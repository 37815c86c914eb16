import { expect, it } from 'vitest'
import { cached } from '../../dashboard/cached.ts'

const aCache = () => {
  const readings: PromiseWithResolvers<string>[] = []
  let time = 0
  const read = cached(
    () => {
      const reading = Promise.withResolvers<string>()
      readings.push(reading)
      return reading.promise
    },
    1000,
    () => time,
  )
  return { read, readings, at: (ms: number) => (time = ms) }
}

it('calls share one reading until it is as old as it may be', async () => {
  const { read, readings, at } = aCache()
  const first = read()
  at(999)
  expect(read()).toBe(first)
  at(1000)
  expect(read()).not.toBe(first)
  expect(readings).toHaveLength(2)
})

it('a failure is not kept', async () => {
  const { read, readings } = aCache()
  const first = read()
  readings[0]?.reject(new Error('throttled'))
  await expect(first).rejects.toThrow('throttled')
  expect(read()).not.toBe(first)
})

it('a late failure leaves the newer reading', async () => {
  const { read, readings, at } = aCache()
  const first = read()
  at(1000)
  const second = read()
  readings[0]?.reject(new Error('late'))
  await expect(first).rejects.toThrow('late')
  expect(read()).toBe(second)
})
