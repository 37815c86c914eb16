import { expect, test } from 'vitest'
import { dataPoints } from '../../../../infra/local/cloudwatch/data-points.ts'
import type { Metric } from '../../../../infra/local/cloudwatch/metric.ts'

/** One measurement of 2 in each second, from 10 s on; the second 20 s is empty. */
const metric: Metric = {
  kind: 'counted',
  knownFrom: () => 10_000,
  during: (from, to) => {
    const empty = from <= 20_000 && to > 20_000 ? 1 : 0
    const count = (to - from) / 1000 - empty
    return { count, sum: 2 * count, max: count === 0 ? 0 : 2 }
  },
}

const valuesOf = async (from: number, to: number, periodMs: number, now: number) =>
  (await dataPoints(metric, { from, to }, periodMs, 'Sum', now)).map(({ at, value }) => [at, value])

// seconds   10   15   20   25   30
// periods    |----|----|----|----|
test('a span is cut into periods aligned to the epoch: its start is rounded down, its end excluded', async () => {
  expect(await valuesOf(13_000, 25_001, 5000, 60_000)).toEqual([
    [10_000, 10],
    [15_000, 10],
    [20_000, 8],
    [25_000, 10],
  ])
  expect(await valuesOf(13_000, 25_000, 5000, 60_000)).toHaveLength(3)
})

test('a period that is not over, or was not measured whole, is left out', async () => {
  expect(await valuesOf(0, 60_000, 5000, 24_999)).toEqual([
    [10_000, 10],
    [15_000, 10],
  ])
  expect(await valuesOf(0, 60_000, 15_000, 60_000)).toEqual([
    [15_000, 28],
    [30_000, 30],
    [45_000, 30],
  ])
  expect(await valuesOf(0, 60_000, 60_000, 60_000)).toEqual([])
})

test('a period without a measurement has the sum 0 and no average', async () => {
  const quiet = { from: 20_000, to: 21_000 }
  const points = (statistic: 'Sum' | 'SampleCount' | 'Average' | 'Maximum') =>
    dataPoints(metric, quiet, 1000, statistic, 60_000)
  expect(await points('Sum')).toEqual([{ at: 20_000, value: 0 }])
  expect(await points('SampleCount')).toEqual([{ at: 20_000, value: 0 }])
  expect(await points('Average')).toEqual([])
  expect(await points('Maximum')).toEqual([])
})

test('a momentary metric has one value, told as the newest whole period’s, where the span has it', async () => {
  const age: Metric = { kind: 'momentary', value: async () => 7 }
  const points = (from: number, to: number) => dataPoints(age, { from, to }, 60_000, 'Maximum', 130_000)
  expect(await points(0, 120_000)).toEqual([{ at: 60_000, value: 7 }])
  expect(await points(65_000, 190_000)).toEqual([{ at: 60_000, value: 7 }])
  expect(await points(0, 60_000)).toEqual([])
  expect(await points(120_000, 180_000)).toEqual([])
})
