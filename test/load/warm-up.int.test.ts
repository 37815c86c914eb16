import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { countReader } from '../../load/count.ts'
import type { Surroundings } from '../../load/reconcile.ts'
import type { RunEvents, VolleyReport } from '../../load/run.ts'
import { type Tally, votesIn } from '../../load/tally.ts'
import { steadyPlan } from '../../load/volley/volley.ts'
import { runWarm } from '../../load/warm-up.ts'
import { type FakePlacar, type Fate, fakePlacar } from './fake-placar.ts'

let placar: FakePlacar | undefined
afterEach(async () => {
  await placar?.close()
  placar = undefined
})

const silent: RunEvents = { started: () => {}, ended: () => {}, sent: () => {} }

/** A poll that can be closed; its result is what the scoreboard shows, or what `change` makes of it. */
const closable = (url: string, change: (result: Tally) => Tally): Surroundings & { closed(): boolean } => {
  const reader = countReader(url, 'final')
  let closed = false
  return {
    reader: {
      ...reader,
      count: async () => ({ ...(await reader.count()), status: closed ? 'final' : 'open' }),
    },
    now: Date.now,
    sleep: (ms) => sleep(ms),
    close: async () => {
      const { options, rejected } = (await reader.count()).poll
      closed = true
      return change({ options, rejected })
    },
    closed: () => closed,
  }
}

/** 400 votes, behind 100 to warm up. */
const run = async (
  fateOf: (n: number) => Fate,
  change: (result: Tally) => Tally = (result) => result,
  started: RunEvents['started'] = () => {},
  warmUpSeconds = 0.05,
): Promise<{ report: VolleyReport; closed: boolean }> => {
  placar = await fakePlacar(['ana', 'bia'], fateOf)
  const { address, url } = placar
  const options = [
    { option: 'ana', weight: 3 },
    { option: 'bia', weight: 1 },
  ]
  const spec = {
    address,
    mix: { poll: 'final', options, unknownOptionShare: 0, unknownPollShare: 0, batch: 1 },
    ...{ rate: 2_000, connections: 8, pipeline: 1, threads: 2, seed: 1, drainMs: 10_000 },
  }
  const world = closable(url, change)
  try {
    const report = await runWarm(
      { plan: steadyPlan({ ...spec, seconds: warmUpSeconds }), events: { ...silent, started } },
      steadyPlan({ ...spec, seconds: 0.2 }),
      () => [],
      world,
      { catchUpMs: 1_000, settleMs: 50 },
      silent,
    )
    return { report, closed: world.closed() }
  } catch (error) {
    expect(world.closed()).toBe(false)
    throw error
  }
}

test('a warm-up is in no figure of the run, and its votes are in the result', async () => {
  const { report } = await run(() => 'counted')
  expect(report.failures).toEqual([])
  expect(placar?.requests).toHaveLength(500)
  const { volley, totals, verdict } = report
  expect(volley.requests).toMatchObject({ scheduled: 400, sent: 400, statuses: { 202: 400 } })
  expect(volley.latency.count).toBe(400)
  expect(totals).toMatchObject({ sent: 400, accepted: 400, counted: 400, difference: 0 })
  expect(verdict.acceptedToCounted.count).toBe(400)
  const inResult = verdict.final?.comparisons ?? []
  expect(inResult.map(({ what }) => what)).toEqual(['final option ana', 'final option bia'])
  expect(inResult.reduce((sum, { found }) => sum + found, 0)).toBe(500)
})

test('a warm-up vote that is never counted fails the run, though the run itself was counted exactly', async () => {
  const { report } = await run((n) => (n === 7 ? 'forgotten' : 'counted'))
  expect(report.failures).toContain('warm-up: /stats counted + rejected: expected 100, found 99: 1 missing')
  expect(report.verdict.comparisons.filter(({ difference }) => difference !== 0)).toEqual([])
})

test('a warm-up vote that the result lacks fails the run', async () => {
  const { report } = await run(
    () => 'counted',
    ({ options: { ana = 0, ...others }, rejected }) => ({ options: { ana: ana - 1, ...others }, rejected }),
  )
  expect(report.failures).toEqual([expect.stringMatching(/^final option ana: .* 1 missing$/)])
  expect(report.totals.difference).toBe(1)
})

test('stopped in the warm-up, the run never begins', async () => {
  const stopped: RunEvents['started'] = (stop) => stop()
  await expect(run(() => 'counted', undefined, stopped, 3_600)).rejects.toThrow(/^Stopped in the warm-up/)
  expect(placar?.requests).toEqual([])
})

test('an unknown answer of the warm-up may be in the result or not', async () => {
  const { report } = await run((n) => (n === 7 ? 'cut off' : 'counted'))
  expect(report.failures).toEqual([])
  expect(votesIn(report.volley.accepted)).toBe(400)
})
