import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finalIntervalMs, nextDelayMs } from '../../../dashboard/site/model/backoff.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('the wait for the next read', () => {
  test('after a good answer it is about a second', () => {
    fc.assert(
      fc.property(random, (chance) => {
        expect(Math.abs(nextDelayMs(0, chance) - 1_000)).toBeLessThanOrEqual(100)
      }),
    )
  })

  test('after a good answer to a final poll it is about ten seconds, and after a failed one as short as ever', () => {
    fc.assert(
      fc.property(random, (chance) => {
        expect(Math.abs(nextDelayMs(0, chance, 0, finalIntervalMs) - 10_000)).toBeLessThanOrEqual(1_000)
        expect(nextDelayMs(1, chance, 0, finalIntervalMs)).toBe(nextDelayMs(1, chance))
      }),
    )
  })

  test('it is neither none nor more than four seconds, however many failures there were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), random, fc.nat(), (failures, chance, retryAfterMs) => {
        const delayMs = nextDelayMs(failures, chance, retryAfterMs)
        expect(delayMs).toBeGreaterThanOrEqual(250)
        expect(delayMs).toBeLessThanOrEqual(4_000)
      }),
    )
  })

  test('it doubles with each failure', () => {
    expect([1, 2, 3, 4, 5].map((failures) => nextDelayMs(failures, 0))).toEqual([
      250, 500, 1_000, 2_000, 2_000,
    ])
  })

  test('it is as long as the server asked for', () => {
    expect(nextDelayMs(1, 0, 3_000)).toBe(3_000)
  })
})
