import fc from 'fast-check'
import { expect, test } from 'vitest'
import { learn, type ServerClock, serverTime } from '../../../dashboard/site/model/server-clock.ts'

test('nothing is known of the server’s time before it answered', () => {
  expect(serverTime(learn([], undefined, 5), 5)).toBeUndefined()
})

test('answers delayed on the way never set the clock ahead, and the quickest decides', () => {
  const offset = 1_790_000_000_000
  fc.assert(
    fc.property(fc.array(fc.nat(3_000), { minLength: 1, maxLength: 100 }), (delaysMs) => {
      let clock: ServerClock = []
      for (const [i, delayMs] of delaysMs.entries()) clock = learn(clock, offset + i, i + delayMs)
      expect(serverTime(clock, 1_000)).toBe(offset + 1_000 - Math.min(...delaysMs))
    }),
  )
})

test('a clock set back on the server is believed once older answers are forgotten', () => {
  let clock = learn([], 9_000_000, 0)
  for (let now = 1; now <= 120; now++) clock = learn(clock, 1_000_000 + now, now)
  expect(serverTime(clock, 120)).toBe(1_000_120)
  expect(clock).toHaveLength(120)
})
