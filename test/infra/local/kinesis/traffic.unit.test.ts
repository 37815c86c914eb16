import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTraffic } from '../../../../infra/local/kinesis/traffic.ts'

const start = 1_790_000_000_000
const nothing = { records: 0, bytes: 0, largest: 0, refused: 0 }

test('over any whole seconds of the last ten minutes the sums are those of the records', () => {
  const record = fc.record({
    pauseMs: fc.integer({ min: 0, max: 120_000 }),
    size: fc.integer({ min: 1, max: 1000 }),
    taken: fc.boolean(),
  })
  const span = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 }))
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), span, (records, [a, b]) => {
      const traffic = openTraffic(start)
      let now = start
      const seen = records.map(({ pauseMs, size, taken }) => {
        now += pauseMs
        if (taken) traffic.took(now, size)
        else traffic.refused(now)
        return { at: now, size, taken }
      })
      const known = traffic.knownFrom(now)
      const [from, to] = [known + 1000 * Math.min(a, b), known + 1000 * Math.max(a, b)]
      const inside = seen.filter(({ at }) => at >= from && at < to)
      const sizes = inside.flatMap(({ taken, size }) => (taken ? [size] : []))
      expect(traffic.between(from, to)).toEqual({
        records: sizes.length,
        bytes: sizes.reduce((sum, size) => sum + size, 0),
        largest: Math.max(0, ...sizes),
        refused: inside.length - sizes.length,
      })
    }),
  )
})

test('what was before it began, or is over ten minutes old, is not known', () => {
  const traffic = openTraffic(start + 700)
  expect(traffic.knownFrom(start + 5000)).toBe(start)
  traffic.took(start + 900, 10)
  expect(traffic.knownFrom(start + 600_000)).toBe(start + 1000)
  traffic.took(start + 600_000, 20)
  expect(traffic.between(start, start + 1000)).toEqual(nothing)
  expect(traffic.between(0, start + 601_000)).toEqual(nothing)
  expect(traffic.between(start + 600_000, start + 601_000)).toMatchObject({ records: 1, bytes: 20 })
})

test('a clock that steps back a little counts where it says it is', () => {
  const traffic = openTraffic(start)
  traffic.took(start + 5000, 1)
  traffic.took(start + 4000, 2)
  traffic.took(start + 5999, 4)
  expect(traffic.between(start + 4000, start + 5000).bytes).toBe(2)
  expect(traffic.between(start + 5000, start + 6000).bytes).toBe(5)
})
