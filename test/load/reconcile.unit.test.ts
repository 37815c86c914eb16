import { describe, expect, test } from 'vitest'
import { complaint } from '../../load/comparison.ts'
import type { Count } from '../../load/count.ts'
import { LoadError } from '../../load/load-error.ts'
import { patience, reconcile, type Surroundings, takeBaseline, type Verdict } from '../../load/reconcile.ts'
import { emptyTally } from '../../load/tally.ts'
import { counted } from './counted.ts'

/** A Placar whose count is a function of the time since the last answer; sleeping is what makes time pass. */
const placar = (
  countAt: (ms: number) => Count,
  otherVotes: readonly number[] = [0],
): Surroundings & { asked(): number } => {
  let nowMs = 1_000
  let others = 0
  return {
    reader: {
      count: async () => countAt(nowMs - 1_000),
      otherVotes: async () => otherVotes[Math.min(others++, otherVotes.length - 1)] ?? 0,
    },
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
    },
    asked: () => nowMs - 1_000,
  }
}

const ana = (votes: number): Count => counted({ options: { ana: votes }, rejected: {} })
const run = { accepted: { options: { ana: 10 }, rejected: {} }, unknown: emptyTally(), lastAnswerAt: 1_000 }
const baseline = { count: ana(0), otherVotes: 0 }

/** What was found to be different, of the scoreboard, of `/stats` and of the result. */
const different = ({ comparisons, final }: Verdict): string[] =>
  [...comparisons, ...(final?.comparisons ?? [])].flatMap((each) => complaint(each) ?? [])

test('it waits until everything is counted, and says how long that took', async () => {
  const world = placar((ms) => ana(ms < 700 ? 6 : 10))
  const verdict = await reconcile(run, baseline, world, patience)
  expect(different(verdict)).toEqual([])
  expect(verdict).toMatchObject({
    caughtUpMs: 700,
    acceptedToCounted: { count: 10, p50: 9, p99: 9 },
  })
})

test('a vote that shows up twice only after the count was equal is found', async () => {
  const verdict = await reconcile(
    run,
    baseline,
    placar((ms) => ana(ms < 1_900 ? 10 : 11)),
    patience,
  )
  expect(verdict.comparisons[0]).toMatchObject({ what: 'option ana', found: 11, difference: 1 })
})

test('votes that are still missing when patience ends are a difference', async () => {
  const world = placar(() => ana(9))
  const verdict = await reconcile(run, baseline, world, patience)
  expect(verdict).toMatchObject({ caughtUpMs: null })
  expect(verdict.comparisons[0]).toMatchObject({ what: 'option ana', difference: -1 })
  expect(world.asked()).toBe(30_000)
})

test('a count that never stands still is compared when patience ends', async () => {
  const world = placar((ms) => ana(10 + Math.floor(ms / 100)))
  const verdict = await reconcile(run, baseline, world, { ...patience, catchUpMs: 5_000 })
  expect(different(verdict)).not.toEqual([])
  expect(world.asked()).toBe(5_000)
})

test('reads that fail for a while, as after a crash, are made again', async () => {
  const world = placar((ms) => {
    if (ms < 3_000) throw new LoadError('GET /stats was answered 503, expected 200.')
    return ana(10)
  })
  const verdict = await reconcile(run, baseline, world, patience)
  expect(different(verdict)).toEqual([])
  expect(verdict.caughtUpMs).toBe(3_000)
})

test('reads that go on failing end it', async () => {
  const world = placar(() => {
    throw new LoadError('GET /stats was answered 503, expected 200.')
  })
  await expect(reconcile(run, baseline, world, patience)).rejects.toThrow(/answered 503/)
})

test('progress is told while the count has not caught up', async () => {
  const told: [number, number][] = []
  const world = placar((ms) => ana(ms < 200 ? 4 : 10))
  await reconcile(run, baseline, { ...world, progress: (...line) => told.push(line) }, patience)
  expect(told).toEqual([
    [4, 10],
    [4, 10],
  ])
})

test('votes in other polls are told, and do not count as a difference', async () => {
  const world = placar(() => ({ ...ana(10), system: { rejected: {}, votes: 60 } }), [100, 150])
  const verdict = await reconcile(
    run,
    { ...baseline, otherVotes: (await takeBaseline(world.reader)).otherVotes },
    world,
    patience,
  )
  expect(different(verdict)).toEqual([])
  expect(verdict.otherVotes).toBe(50)
})

test('nothing accepted is caught up with at once', async () => {
  const none = { accepted: emptyTally(), unknown: emptyTally(), lastAnswerAt: null }
  const world = placar(() => ana(0))
  const verdict = await reconcile(none, baseline, world, patience)
  expect(different(verdict)).toEqual([])
  expect(verdict.caughtUpMs).toBeNull()
})

describe('a poll that is closed', () => {
  const final = (count: Count): Count => ({ ...count, status: 'final' })
  const result = { options: { ana: 10 }, rejected: {} }

  test('is awaited until the scoreboard is final, and its result compared', async () => {
    const world = placar((ms) => (ms < 1_200 ? ana(10) : final(ana(10))))
    const verdict = await reconcile(run, baseline, { ...world, close: async () => result }, patience)
    expect(different(verdict)).toEqual([])
    expect(verdict).toMatchObject({ caughtUpMs: 0, final: { afterMs: 1_200, problem: undefined } })
  })

  test('has failed when its result lacks a vote', async () => {
    const world = placar(() => final(ana(10)))
    const lacking = { options: { ana: 9 }, rejected: {} }
    const verdict = await reconcile(run, baseline, { ...world, close: async () => lacking }, patience)
    expect(verdict.final?.comparisons).toMatchObject([{ what: 'final option ana', difference: -1 }])
  })

  test('that never becomes final is told', async () => {
    const world = placar(() => ana(10))
    const { final } = await reconcile(run, baseline, { ...world, close: async () => result }, patience)
    expect(final).toMatchObject({ afterMs: null, problem: 'the scoreboard never showed the final result' })
  })

  test('may have rejected, as too late, a vote whose answer was lost', async () => {
    const late = { options: { ana: 10 }, rejected: { closed: 1 } }
    const world = placar(() => final(counted(late)))
    const lost = { ...run, unknown: { options: { ana: 1 }, rejected: {} } }
    const close = async () => late
    expect(different(await reconcile(lost, baseline, { ...world, close }, patience))).toEqual([])
    expect(different(await reconcile(run, baseline, { ...world, close }, patience))).not.toEqual([])
  })

  test('that cannot be closed is told, and the count compared without waiting for its result', async () => {
    const close = () => Promise.reject(new Error('1 of 4 shards'))
    const world = placar(() => ana(10))
    const verdict = await reconcile(run, baseline, { ...world, close }, patience)
    expect(world.asked()).toBe(patience.settleMs)
    expect(different(verdict)).toEqual([])
    expect(verdict.final?.problem).toBe('the poll has no result: 1 of 4 shards')
  })
})
