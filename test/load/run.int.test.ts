import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { countReader } from '../../load/count.ts'
import { brokenLimits, type Limits } from '../../load/limits.ts'
import { scenarioPlan } from '../../load/playing/plan.ts'
import { parseScenario } from '../../load/playing/scenario.ts'
import { volleyText } from '../../load/report.ts'
import { type RunEvents, runVolley, type VolleyReport } from '../../load/run.ts'
import type { VolleyPlan } from '../../load/volley/play.ts'
import { steadyPlan, type VolleySpec } from '../../load/volley/volley.ts'
import { type FakePlacar, type Fate, fakePlacar } from './fake-placar.ts'

let placar: FakePlacar | undefined
afterEach(async () => {
  await placar?.close()
  placar = undefined
})

const run = async (
  fateOf: (n: number) => Fate,
  limits: Limits = {},
  catchUpMs = 10_000,
  changes: Partial<VolleySpec> = {},
  started: RunEvents['started'] = () => {},
): Promise<VolleyReport> => {
  placar = await fakePlacar(['ana', 'bia'], fateOf)
  return await play(placar, steadyPlan({ ...spec(placar), ...changes }), { limits, catchUpMs, started })
}

/** 400 votes. */
const spec = ({ address }: FakePlacar): VolleySpec => ({
  address,
  mix: {
    poll: 'final',
    options: [
      { option: 'ana', weight: 3 },
      { option: 'bia', weight: 1 },
    ],
    unknownOptionShare: 0.05,
    unknownPollShare: 0.05,
    batch: 1,
  },
  rate: 2_000,
  seconds: 0.2,
  connections: 8,
  pipeline: 1,
  threads: 1,
  seed: 1,
  drainMs: 10_000,
})

const play = (
  { url }: FakePlacar,
  plan: VolleyPlan,
  { limits, catchUpMs, started }: { limits: Limits; catchUpMs: number; started: RunEvents['started'] },
): Promise<VolleyReport> =>
  runVolley(
    plan,
    (report) => brokenLimits(limits, report),
    { reader: countReader(url, 'final'), now: Date.now, sleep: (ms) => sleep(ms) },
    { catchUpMs, settleMs: 50 },
    { started, ended: () => {}, sent: () => {} },
  )

test('a run that is counted exactly passes', async () => {
  const report = await run(() => 'counted')
  expect(report.failures).toEqual([])
  expect(report.totals).toEqual({
    sent: 400,
    accepted: 400,
    throttled: 0,
    failed: 0,
    counted: 400 - report.totals.rejected,
    rejected: report.totals.rejected,
    difference: 0,
  })
  expect(report.totals.rejected).toBeGreaterThan(0)
  expect(volleyText(report)).toMatch(
    /^sent +accepted +throttled +failed +counted +rejected +difference\n +400 +400 +0 +0 +\d+ +\d+ +0\n\nPASSED/m,
  )
})

test('refused votes need not be counted', async () => {
  const report = await run((n) => (n % 4 === 0 ? 'throttled' : 'counted'))
  expect(report.failures).toEqual([])
  expect(report.totals).toMatchObject({ sent: 400, accepted: 300, throttled: 100, failed: 0, difference: 0 })
})

test('of a scenario, a refused vote fails the run', async () => {
  placar = await fakePlacar(['ana'], (n) => (n % 4 === 0 ? 'throttled' : 'counted'))
  const scenario = parseScenario(
    `config: { phases: [{ duration: 1, arrivalRate: 40 }] }
scenarios: [{ flow: [{ post: { name: option ana, url: '/polls/{{ poll }}/votes', json: { option: ana } } }] }]`,
    'a.yml',
  )
  const settings = { connections: 4, pipeline: 1, threads: 1, seed: 1, drainMs: 10_000 }
  const plan = scenarioPlan(scenario, { poll: 'final', address: placar.address, scale: 1 }, settings)
  const report = await play(placar, plan, { limits: {}, catchUpMs: 10_000, started: () => {} })
  expect(report.failures).toEqual(['10 requests got a status they do not expect; see the answers above'])
  expect(report.totals).toMatchObject({ sent: 40, accepted: 30, throttled: 10, difference: 0 })
})

describe('while the only connection waits for an answer that never comes', () => {
  const stuck = { connections: 1, drainMs: 300 }
  const held = (n: number): Fate => (n === 20 ? 'held' : 'counted')

  test('requests that were due and never sent fail the run', async () => {
    const { failures, volley, totals } = await run(held, {}, 10_000, stuck)
    expect(volley.requests).toMatchObject({ due: 400, sent: 21 })
    expect(totals.difference).toBe(0)
    expect(failures).toEqual(['379 requests were never sent: no connection was free for them within --wait'])
  })

  test('a run that was stopped is not held to those', async () => {
    const stopped: RunEvents['started'] = (stop, progress) => {
      const timer = setInterval(() => {
        // Late requests would be more than one a millisecond, were any sent: so many are due by now.
        if (progress().sent < 21 || performance.now() - startedAt < 200) return
        clearInterval(timer)
        stop()
      }, 5)
      const startedAt = performance.now()
    }
    const { failures, volley } = await run(held, {}, 10_000, stuck, stopped)
    expect(volley.requests.due).toBeGreaterThan(volley.requests.sent)
    expect(failures).toEqual([])
  })
})

test('a volley that fails ends the run, and its events are told', async () => {
  placar = await fakePlacar(['ana'])
  const gone = await fakePlacar(['ana'])
  await gone.close()
  const told: string[] = []
  const failing = runVolley(
    steadyPlan(spec(gone)),
    () => [],
    { reader: countReader(placar.url, 'final'), now: Date.now, sleep: (ms) => sleep(ms) },
    { catchUpMs: 10_000, settleMs: 50 },
    {
      started: () => told.push('started'),
      ended: () => told.push('ended'),
      sent: () => told.push('sent'),
    },
  )
  await expect(failing).rejects.toThrow(/ECONNREFUSED/)
  expect(told).toEqual(['started', 'ended'])
})

test('votes whose answers were cut off may be counted', async () => {
  const report = await run((n) => (n % 40 === 0 ? 'cut off' : 'counted'))
  expect(report.failures).toEqual([])
  expect(report.volley.unknownVotes).toBe(10)
  expect(report.totals).toMatchObject({ sent: 400, accepted: 390, failed: 10, difference: 0 })
  expect(volleyText(report)).toMatch(/unknown +10 \(answer lost or 5xx/)
})

test('one vote counted twice fails the run and is named', async () => {
  const report = await run((n) => (n === 100 ? 'counted twice' : 'counted'))
  expect(report.totals.difference).toBe(1)
  expect(report.failures).toContain('/stats counted + rejected: expected 400, found 401: 1 too many')
  expect(volleyText(report)).toMatch(/FAILED:\n.*1 too many/)
})

test('one accepted vote forgotten fails the run and is named', async () => {
  const report = await run((n) => (n === 100 ? 'forgotten' : 'counted'), {}, 300)
  expect(report.failures).toContain('/stats counted + rejected: expected 400, found 399: 1 missing')
})

test('a run of which nothing was accepted fails', async () => {
  expect((await run(() => 'throttled')).failures).toEqual(['not one vote was accepted'])
})

test('thresholds that are missed fail the run', async () => {
  // The fake's /stats puts every vote into the bucket up to 12 ms; no answer takes 0 ms; no rate is held over 100 %.
  const report = await run(() => 'counted', { maxP99Ms: 0, maxCountedP99Ms: 11, minRateHeld: 1.01 })
  expect(report.failures).toEqual([
    expect.stringMatching(/^answer p99 is [\d.]+ ms, at most 0 ms allowed$/),
    'accepted → counted p99 is 12 ms, at most 11 ms allowed',
    expect.stringMatching(/^only [\d.]+ of the requests were on time, 1.01 required$/),
  ])
})

test('thresholds that are met do not', async () => {
  const report = await run(() => 'counted', { maxP99Ms: 60_000, maxCountedP99Ms: 12, minRateHeld: 0 })
  expect(report.failures).toEqual([])
})
