import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type FreshnessPage, freshnessRound } from '../../../load/bench/freshness.ts'
import type { Step } from '../../../load/bench/visible.ts'
import { countReader } from '../../../load/count.ts'
import { fakePlacar } from '../fake-placar.ts'

/** A round of 40 votes after 20 to warm up, on a server that counts at once and a page that shows `total` when asked. */
const round = async (shown: (total: number) => number) => {
  const placar = await fakePlacar(['ana'])
  onTestFinished(() => placar.close())
  const steps: Step[] = []
  const page: FreshnessPage = {
    shows: async (total) => {
      steps.push({ at: Date.now(), total: shown(total) })
    },
    shown: async () => steps,
    close: async () => {},
  }
  const { address, url } = placar
  const options = [{ option: 'ana', weight: 1 }]
  const mix = { poll: 'final', options, unknownOptionShare: 0, unknownPollShare: 0, batch: 1 }
  return await freshnessRound(
    { address, mix, rate: 200, connections: 4, pipeline: 1, threads: 1, seed: 1, drainMs: 10_000 },
    { shards: 1, seconds: 0.2, warmUpSeconds: 0.1 },
    {
      page,
      surroundings: { reader: countReader(url, 'final'), now: Date.now, sleep: (ms) => sleep(ms) },
      patience: { catchUpMs: 10_000, settleMs: 50 },
      signal: new AbortController().signal,
      progress: () => {},
    },
  )
}

test('votes of the warm-up are left out, and every other one has a latency', async () => {
  const found = await round((total) => total)
  expect(found).toMatchObject({ rate: 200, accepted: 40, throttled: 0, failures: [] })
  expect(found.visible.max).toBeGreaterThanOrEqual(found.visible.p50 ?? Number.NaN)
  expect(found.counted).toEqual({ p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) })
})

test('a round whose page stands still fails, naming how many votes it never showed', async () => {
  const found = await round((total) => Math.min(total, 50))
  expect(found.failures).toEqual(['10 accepted votes never showed on the page'])
})
