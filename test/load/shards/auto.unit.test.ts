import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide, type Observation, usualLimits } from '../../../load/shards/auto.ts'
import {
  afterRefusal,
  afterStep,
  initialState,
  type State,
  withPresent,
} from '../../../load/shards/auto-state.ts'
import { withoutChance } from '../../../load/shards/chance.ts'
import { nextShardCount, stepsADay } from '../../../load/shards/steps.ts'

const minute = 60_000
const dayMs = 24 * 60 * minute
const start = 1_790_000_000_000
const limits = { ...usualLimits, min: 4, max: 64 }

/**
 * What a stream of so many even shards is seen to be offered, in records/s; `hotKeys` are shards with a key of their own, and
 * one shard may be hotter than the others (1 is its limit).
 */
type Moment = {
  at: number
  shards: number
  offered: number | null
  active?: boolean
  hotKeys?: string[]
  byShard?: boolean
  hottest?: number
}

const observe = ({
  at,
  shards,
  offered,
  active = true,
  hotKeys = [],
  byShard = true,
  hottest = (offered ?? 0) / 1000 / shards,
}: Moment): Observation => ({
  at,
  active,
  shards,
  demand:
    offered === null
      ? null
      : {
          load: offered / 1000,
          hottest,
          surely: {
            load: withoutChance(offered / 1000, offered * 3),
            hottest: withoutChance(hottest, hottest * 3_000),
          },
          throttledPerSecond: Math.max(0, offered - shards * 1000),
          offeredPerSecond: offered,
          hotKeys,
          byShard,
          measuredFrom: at - 3_000,
          measuredAt: at,
        },
})

/** Looks at it every two seconds for so long, ending at `until`. */
const steadily = (forMs: number, moment: Omit<Moment, 'at'>, until = start): Observation[] =>
  Array.from({ length: forMs / 2_000 + 1 }, (_, n) => observe({ ...moment, at: until - forMs + n * 2_000 }))

const spent = (steps: number, at = start): State => ({
  ...initialState,
  steps: Array.from({ length: steps }, () => at - 60 * minute),
})

const outcome = (decision: Decision): number | string => ('to' in decision ? decision.to : decision.hold)

describe('the decision whether to scale a stream', () => {
  it.each<[story: string, history: Observation[], state: State, expected: number | string]>([
    ['nothing was seen', [], initialState, 'unknown'],
    ['votes fit', steadily(10_000, { shards: 4, offered: 2_000 }), initialState, 'enough'],
    ['over 85 % for some seconds', steadily(10_000, { shards: 4, offered: 3_600 }), initialState, 5],
    ['over 85 %, but only seen once', steadily(0, { shards: 4, offered: 3_600 }), initialState, 'lately'],
    ['just as busy as is planned', steadily(10_000, { shards: 4, offered: 3_200 }), initialState, 'enough'],
    [
      'one shard over 85 %, but not by more than chance explains',
      steadily(10_000, { shards: 4, offered: 3_200, hottest: 0.9 }),
      initialState,
      'enough',
    ],
    [
      'one shard over 85 %, by more than chance explains',
      steadily(10_000, { shards: 4, offered: 3_200, hottest: 0.95 }),
      initialState,
      5,
    ],
    [
      'all that one shard takes, though chance may explain it',
      steadily(10_000, { shards: 4, offered: 40, hottest: 1 }),
      initialState,
      5,
    ],
    ['8,000/s on 4 shards', steadily(10_000, { shards: 4, offered: 8_000 }), initialState, 8],
    [
      'the stream is being changed',
      steadily(10_000, { shards: 4, offered: 8_000, active: false }),
      initialState,
      'changing',
    ],
    [
      'traffic is not known any more',
      [...steadily(10_000, { shards: 4, offered: 8_000 }), observe({ at: start, shards: 4, offered: null })],
      initialState,
      'unknown',
    ],
    ['fewer shards than --min', steadily(0, { shards: 1, offered: null }), initialState, 2],
    ['at --max', steadily(10_000, { shards: 64, offered: 90_000 }), initialState, 'most'],
    ['near --max', steadily(10_000, { shards: 60, offered: 90_000 }), initialState, 64],
    ['the budget is used up', steadily(10_000, { shards: 4, offered: 8_000 }), spent(10), 'budget'],
    [
      'the budget of the day before',
      steadily(10_000, { shards: 4, offered: 8_000 }),
      spent(10, start - dayMs),
      8,
    ],
    [
      'AWS refused a step a minute ago',
      steadily(10_000, { shards: 4, offered: 8_000 }),
      { ...initialState, refusedAt: start - minute },
      'budget',
    ],
    [
      'AWS refused a step long ago',
      steadily(10_000, { shards: 4, offered: 8_000 }),
      { ...initialState, refusedAt: start - 20 * minute },
      8,
    ],
    [
      'a hot key, and the others have room',
      steadily(10_000, { shards: 4, offered: 2_000, hotKeys: ['b'] }),
      initialState,
      'hot key',
    ],
    [
      'a hot key, and the others have none',
      steadily(10_000, { shards: 4, offered: 5_000, hotKeys: ['b'] }),
      initialState,
      7,
    ],
    [
      'a hot key, and nothing is told of the others',
      steadily(10_000, { shards: 4, offered: 5_000, hotKeys: ['b'], byShard: false }),
      initialState,
      'hot key',
    ],
    ['quiet for 14 minutes', steadily(14 * minute, { shards: 16, offered: 1_000 }), initialState, 'enough'],
    ['quiet for 15 minutes', steadily(15 * minute, { shards: 16, offered: 1_000 }), initialState, 8],
    [
      'quiet, but fewer would leave no headroom',
      steadily(15 * minute, { shards: 8, offered: 5_200 }),
      initialState,
      'enough',
    ],
    ['quiet, at --min', steadily(15 * minute, { shards: 4, offered: 10 }), initialState, 'enough'],
    [
      'quiet, with 4 steps left',
      steadily(15 * minute, { shards: 16, offered: 1_000 }),
      spent(stepsADay - 4),
      8,
    ],
    [
      'quiet, with 3 steps left',
      steadily(15 * minute, { shards: 16, offered: 1_000 }),
      spent(stepsADay - 3),
      'budget',
    ],
    [
      'quiet, but for one moment not known',
      [
        ...steadily(15 * minute, { shards: 16, offered: 1_000 }).with(
          40,
          observe({ at: start - 15 * minute + 80_000, shards: 16, offered: null }),
        ),
      ],
      initialState,
      'enough',
    ],
    [
      'quiet, but for a spike ten minutes ago',
      [
        ...steadily(15 * minute, { shards: 16, offered: 1_000 }).with(
          150,
          observe({ at: start - 10 * minute, shards: 16, offered: 12_500 }),
        ),
      ],
      initialState,
      'enough',
    ],
    [
      'quiet before the laptop slept, and after',
      [
        ...steadily(15 * minute, { shards: 16, offered: 1_000 }, start - 60 * minute),
        ...steadily(minute, { shards: 16, offered: 1_000 }),
      ],
      initialState,
      'enough',
    ],
  ])('%s', (_, history, state, expected) => {
    expect(outcome(decide(history, limits, state))).toBe(expected)
  })

  it('goes from 4 shards to 8 and then to 10 for 8,000/s, and says why each time', () => {
    const first = decide(steadily(10_000, { shards: 4, offered: 8_000 }), limits, initialState)
    expect(first).toEqual({
      to: 8,
      goal: 10,
      reason:
        '4,000 of 8,000 records/s are throttled; with headroom 1.25, what is offered needs 10 shards; one step at most doubles, so 8 is the first on the way to 10',
    })
    const history = [
      ...steadily(10_000, { shards: 4, offered: 8_000 }),
      observe({ at: start + 2_000, shards: 8, offered: 8_000, active: false }),
      observe({ at: start + 4_000, shards: 8, offered: 8_000 }),
    ]
    const state = afterStep(initialState, 10, start)
    expect(decide(history, limits, state)).toEqual({
      to: 10,
      goal: 10,
      reason: '8 was a step on the way to 10',
    })
  })

  it('forgets a goal that is reached, so that others may then have fewer shards', () => {
    const atGoal = observe({ at: start - minute, shards: 10, offered: 9_000 })
    const reached = withPresent(afterStep(initialState, 10, start - minute), atGoal, limits.headroom)
    const fewer = steadily(10_000, { shards: 6, offered: 2_000 })
    expect(outcome(decide(fewer, limits, reached))).toBe('enough')
  })

  it('does not go on to a goal once the burst that set it is over, nor when another one begins', () => {
    const climbing = afterStep(initialState, 64, start - 10_000)
    const over = steadily(10_000, { shards: 8, offered: 160 })
    expect(outcome(decide(over, limits, climbing))).toBe('enough')
    const later = over.reduce((state, now) => withPresent(state, now, limits.headroom), climbing)
    const again = observe({ at: start + 2_000, shards: 8, offered: 9_000 })
    expect(outcome(decide([...over, again], limits, later))).toBe('lately')
  })

  it('says of one busy shard among idle ones why it takes one more than is needed', () => {
    const uneven = steadily(10_000, { shards: 4, offered: 1_600, hottest: 0.95 })
    expect(decide(uneven, limits, initialState)).toEqual({
      to: 5,
      goal: 5,
      reason:
        'the busiest shard is at 95 % of its limit; 2 shards would do for what is offered were it even, and another count shares the keys out evenly',
    })
  })

  it('names --max, not the shards there are, when those are more', () => {
    const decision = decide(steadily(10_000, { shards: 100, offered: 110_000 }), limits, initialState)
    expect(decision).toMatchObject({ hold: 'most', wanted: true })
    expect(decision.reason).toMatch(/, but --max allows 64 shards at most$/)
  })

  it('judges new shards only by what was measured of them', () => {
    const before = steadily(10_000, { shards: 4, offered: 4_800 })
    const after = [1, 3, 5, 7, 9].map((s) => observe({ at: start + s * 1_000, shards: 6, offered: 6_600 }))
    const seen = after.map((_, n) =>
      outcome(decide([...before, ...after.slice(0, n + 1)], limits, initialState)),
    )
    expect(seen).toEqual(['measuring', 'measuring', 'lately', 'lately', 9])
  })

  it('does not follow traffic that comes and goes', () => {
    let [shards, state] = [4, initialState]
    const taken: number[] = []
    let history: Observation[] = []
    for (let at = start; at < start + 120 * minute; at += 10_000) {
      const busy = Math.floor((at - start) / (5 * minute)) % 2 === 1
      history = [...history.slice(-180), observe({ at, shards, offered: busy ? 9_000 : 500 })]
      const decision = decide(history, limits, state)
      if (!('to' in decision)) continue
      shards = decision.to
      taken.push(shards)
      state = afterStep(state, decision.goal, at)
    }
    expect(taken).toEqual([8, 11])
  })

  it('is legal whatever comes: in steps, bounds and budget', () => {
    const spell = fc.record({
      minutes: fc.integer({ min: 1, max: 40 }),
      offered: fc.option(fc.integer({ min: 0, max: 100_000 }), { freq: 20 }),
      active: fc.constantFrom(true, true, true, true, false),
      // Somebody else has changed the stream.
      shards: fc.constantFrom(undefined, undefined, undefined, 1, 7, 150),
      refused: fc.constantFrom(false, false, false, true),
    })
    const bounds = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 60 }))
    let ups = 0
    let downs = 0
    fc.assert(
      fc.property(fc.array(spell, { maxLength: 50 }), bounds, (spells, [min, more]) => {
        const bounded = { ...limits, min, max: min + more }
        let [at, shards, state] = [start, min, initialState]
        let history: Observation[] = []
        for (const { minutes, offered, active, shards: others, refused } of spells) {
          shards = others ?? shards
          for (const end = at + minutes * minute; at < end; at += 30_000) {
            const now = observe({ at, shards, offered, active })
            state = withPresent(state, now, bounded.headroom)
            history = [...history.slice(-40), now]
            const decision = decide(history, bounded, state)
            if (!('to' in decision)) continue
            const { to, goal } = decision
            const today = state.steps.filter((step) => step > at - dayMs).length
            expect(active).toBe(true)
            expect(today).toBeLessThan(to > shards ? stepsADay : stepsADay - limits.reserve + 1)
            expect(to).not.toBe(shards)
            expect(to).toBe(nextShardCount(shards, to))
            // Within the bounds, or on the way there.
            expect(to).toBeGreaterThanOrEqual(Math.min(min, shards))
            expect(to).toBeLessThanOrEqual(Math.max(bounded.max, shards))
            if (refused) {
              state = afterRefusal(state, at)
              continue
            }
            if (to > shards) ups += 1
            else downs += 1
            shards = to
            state = afterStep(state, goal, at)
          }
        }
      }),
    )
    expect(Math.min(ups, downs)).toBeGreaterThan(20)
  })
})
