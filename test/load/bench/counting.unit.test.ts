import { afterEach, expect, it, vi } from 'vitest'
import { benchCounting, countingShortfalls, summariseCounting } from '../../../load/bench/counting.ts'
import { countingMarkdown } from '../../../load/bench/counting-report.ts'

afterEach(() => vi.unstubAllEnvs())

const rounds = [
  { floor: 1000, placar: 450, powertools: 500 },
  { floor: 900, placar: 270, powertools: 300 },
  { floor: 1000, placar: 400, powertools: 410 },
]

it('all three ways count the same votes, whoever begins', async () => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true')
  let ms = 0
  const settings = { rounds: 3, batches: 2, records: 37, warmUpTurns: 1 }
  const report = await benchCounting(
    settings,
    Date.now(),
    () => (ms += 10),
    () => {},
  )
  expect(report.failures).toEqual([])
  // A turn of two batches of 37 took the clock 10 ms.
  expect(report.rounds).toEqual(
    Array.from({ length: 3 }, () => ({ floor: 7400, placar: 7400, powertools: 7400 })),
  )
})

it('ratios are medians round by round', () => {
  const { floor, ofFloor, ofPowertools } = summariseCounting(rounds)
  expect(floor).toEqual({ median: 1000, least: 900, most: 1000 })
  expect(ofFloor.median).toBeCloseTo(0.4)
  expect(ofPowertools.median).toBeCloseTo(0.9)
})

it('what is required and not reached is told', () => {
  const summary = summariseCounting(rounds)
  expect(countingShortfalls(summary, { ofFloor: 0.4, ofPowertools: 0 })).toEqual([])
  expect(countingShortfalls(summary, { ofFloor: 0.41, ofPowertools: 1 })).toEqual([
    '0.40 of the floor, at least 0.41 required',
    '0.90 of Powertools, at least 1 required',
  ])
})

it('the Markdown says of each aim whether it was reached', () => {
  const text = countingMarkdown({ summary: summariseCounting(rounds), failures: [] }, 'A machine.')
  expect(text).toContain("| Placar's aggregator | 400 | 270 to 450 |")
  expect(text).toContain('0.40: reached')
  expect(text).toContain('0.90: **missed**')
})
