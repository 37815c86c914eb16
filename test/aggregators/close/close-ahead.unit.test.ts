import { describe, expect, it } from 'vitest'
import { closeAhead } from '../../../aggregators/close/close-ahead.ts'

/** A world of polls that close at these times; `runs` tells when it was looked at. */
const closing = async (dueAt: readonly number[], aheadMs: number) => {
  const world = { now: 1000, left: [...dueAt].sort((a, b) => a - b) }
  const runs: number[] = []
  const report = await closeAhead({
    closePolls: async () => {
      runs.push(world.now)
      const final = world.left.filter((at) => at <= world.now).map((at) => `poll-${at}`)
      world.left = world.left.filter((at) => at > world.now)
      return { final, closing: [], nextDueAt: world.left[0] ?? null, failures: new Map() }
    },
    aheadMs,
    now: () => world.now,
    steadyNow: () => world.now,
    sleep: async (ms) => {
      world.now += ms
    },
  })
  return { report, runs }
}

describe('a run of the closer', () => {
  it('closes what is due and waits for nothing, unless it is to look ahead', async () => {
    const { report, runs } = await closing([900, 1500], 0)
    expect(report).toMatchObject({ final: ['poll-900'], closing: [], nextDueAt: 1500 })
    expect(runs).toEqual([1000])
  })

  it('looks ahead: each poll of that time is closed at its own moment', async () => {
    const { report, runs } = await closing([900, 1500, 1500, 61_000, 61_001], 60_000)
    expect(report.final).toEqual(['poll-900', 'poll-1500', 'poll-1500', 'poll-61000'])
    for (const at of [1000, 1500, 61_000]) expect(runs).toContain(at)
    expect(report.nextDueAt).toBe(61_001)
  })

  it('looks again every few seconds, so that a poll which closes sooner than the one waited for is not missed', async () => {
    const { runs } = await closing([20_000], 60_000)
    expect(runs).toEqual([1000, 6000, 11_000, 16_000, 20_000])
  })

  it('is over at once when no poll closes by itself', async () => {
    const { runs } = await closing([], 60_000)
    expect(runs).toEqual([1000])
  })
})
