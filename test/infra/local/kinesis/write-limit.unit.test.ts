import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  noWriteLimit,
  shardBytesPerSecond,
  shardRecordsPerSecond,
  writeLimit,
} from '../../../../infra/local/kinesis/write-limit.ts'

const start = 1_790_000_000_000

const takeUntilRefused = (limit: ReturnType<typeof writeLimit>, now: number, bytes: number): number => {
  for (let taken = 0; taken < 5000; taken++) if (!limit.take(now, bytes)) return taken
  return Number.POSITIVE_INFINITY
}

test('a shard takes 1,000 records at once, and the next one a millisecond later', () => {
  const limit = writeLimit()
  expect(takeUntilRefused(limit, start, 1)).toBe(1000)
  expect(takeUntilRefused(limit, start + 1, 1)).toBe(1)
  expect(takeUntilRefused(limit, start + 1001, 1)).toBe(1000)
})

test('a shard takes 1 MiB at once, however few records that are', () => {
  const limit = writeLimit()
  expect(limit.take(start, shardBytesPerSecond)).toBe(true)
  expect(limit.take(start, 1)).toBe(false)
  expect(limit.take(start + 500, shardBytesPerSecond / 2)).toBe(true)
})

test('what was refused takes nothing from the allowance', () => {
  const limit = writeLimit()
  expect(limit.take(start, shardBytesPerSecond - 10)).toBe(true)
  expect(limit.take(start, 11)).toBe(false)
  expect(limit.take(start, 10)).toBe(true)
})

test('a clock that steps back gives no allowance', () => {
  const limit = writeLimit()
  takeUntilRefused(limit, start, 1)
  expect(limit.take(start - 60_000, 1)).toBe(false)
})

test('over any stretch of time a shard takes no more than its rate and one second beside', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 20 }), (pausesMs) => {
      const limit = writeLimit()
      let now = start
      let taken = 0
      for (const pauseMs of pausesMs) {
        now += pauseMs
        taken += takeUntilRefused(limit, now, 1)
      }
      const seconds = (now - start) / 1000
      expect(taken).toBeLessThanOrEqual(Math.ceil((seconds + 1) * shardRecordsPerSecond))
    }),
  )
})

test('without limits everything is taken', () => {
  expect(noWriteLimit.take(start, Number.MAX_SAFE_INTEGER)).toBe(true)
})
