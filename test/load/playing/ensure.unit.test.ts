import { expect, test } from 'vitest'
import { missedThresholds, parseThresholds } from '../../../load/playing/ensure.ts'
import { place } from '../../../load/playing/mapping.ts'
import { latencyHistogram, packHistogram, recordLatency } from '../../../load/volley/latency.ts'
import type { VolleyResult } from '../../../load/volley/result.ts'

const latencies = latencyHistogram()
for (let ms = 1; ms <= 100; ms++) recordLatency(latencies, ms)

const result: VolleyResult = {
  requests: {
    scheduled: 110,
    due: 110,
    sent: 110,
    rateHeld: 1,
    statuses: { 202: 100, 400: 8 },
    expected: 100,
    unexpected: 8,
    unknown: 2,
  },
  answers: [],
  connectionErrors: {},
  accepted: { options: {}, rejected: {} },
  unknown: { options: {}, rejected: {} },
  votes: { sent: 110, throttled: 0, failed: 10 },
  acceptedVotes: 100,
  unknownVotes: 2,
  acceptedPerSecond: 100,
  scheduledPerSecond: 100,
  latency: { count: 100, p50: 50, p90: 90, p99: 99, max: 100 },
  histogram: packHistogram(latencies),
  lastAnswerAt: 1,
}

const missed = (ensure: unknown, played = 1): string[] =>
  missedThresholds(
    parseThresholds(ensure, place('a.yml'), () => {}),
    result,
    played,
  )
const condition = (expression: string) => ({ conditions: [{ expression }] })

test('a percentile over its threshold is missed, one within is not', () => {
  expect(missed({ thresholds: [{ 'http.response_time.p99': 100 }] })).toEqual([])
  expect(
    missed({ thresholds: [{ 'http.response_time.p99': 98 }, { 'http.response_time.median': 60 }] }),
  ).toEqual([expect.stringMatching(/^http\.response_time\.p99 is 99\.\d+, <= 98 required$/)])
})

test.each([
  ['http.codes.202 == 100', []],
  ['http.codes.503 > 0', ['http.codes.503 is 0, > 0 required']],
  ['vusers.failed == 0', ['vusers.failed is 10, == 0 required']],
  ['http.requests >= 100 and plugins.expect.failed < 8', ['plugins.expect.failed is 8, < 8 required']],
])('of the condition %s, %j', (expression, lines) => {
  expect(missed(condition(expression))).toEqual(lines)
})

test('a least count is held to the part of the scenario that was played, a most is not', () => {
  expect(missed(condition('http.codes.202 > 500'), 0.1)).toEqual([])
  expect(missed(condition('http.codes.202 > 5000'), 0.1)).toEqual([
    'http.codes.202 is 100, > 500 required (5000 × 0.100)',
  ])
  expect(missed(condition('http.codes.400 < 8'), 0.1)).toEqual(['http.codes.400 is 8, < 8 required'])
})

test('what volley cannot judge is told', () => {
  const told: string[] = []
  const found = parseThresholds(
    { thresholds: [{ 'browser.page': 1 }], maxErrorRate: 1 },
    place('a.yml'),
    (what) => told.push(what),
  )
  expect(found).toEqual([])
  expect(told).toEqual(['ensure.maxErrorRate', 'the threshold on browser.page'])
})
