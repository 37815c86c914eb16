import { type Demand, neededShards } from './auto-demand.ts'
import { budgetLeft, refusedFor, type State, withPresent } from './auto-state.ts'
import { count, minutes, names, need, percent, pressure, rounded, seconds } from './auto-text.ts'
import { nextShardCount, stepsADay } from './steps.ts'

/** A stream as it was seen once. `demand` is `null` where nothing fresh is known of its traffic. */
export type Observation = {
  /** Epoch ms. */
  at: number
  active: boolean
  shards: number
  demand: Demand | null
}

export type Limits = {
  min: number
  max: number
  /** Shards are for so many times what is offered. */
  headroom: number
  /**
   * The load of a shard, or the mean of all, over which the stream is scaled up. `headroom` leaves the mean at 0.8 at the
   * most: between the two is room for traffic that varies, and fewer records vary more (`Demand.surely`).
   */
  upAt: number
  /** For so long, ms, must the stream be over that, or a shard be offered all it takes, or must records be refused. */
  upAfterMs: number
  /** For so long, ms, must fewer shards have been enough. */
  downAfterMs: number
  /** A step down is only for a count of at most so much of the present one. */
  downTo: number
  /** With fewer of the day's steps left than this, none is spent on the way down. */
  reserve: number
}

export const usualLimits: Omit<Limits, 'min' | 'max'> = {
  headroom: 1.25,
  upAt: 0.85,
  upAfterMs: 6_000,
  downAfterMs: 15 * 60_000,
  downTo: 0.75,
  reserve: 4,
}

/** Why nothing is done. */
export type Hold = 'enough' | 'changing' | 'unknown' | 'measuring' | 'hot key' | 'budget' | 'most' | 'lately'
export type Decision =
  | { to: number; goal: number; reason: string }
  /** `wanted`: something would be done, were it not for this. */
  | { hold: Hold; wanted: boolean; reason: string }

/** Longer than this apart, ms, and two observations are not of one story: the laptop slept. */
const gapMs = 3 * 60_000

/**
 * The shards that a stream is to have next: up early, down late, never more than AWS allows, and nothing for traffic that
 * more shards cannot mend. Pure: the newest observation says what time it is.
 *
 * @param history oldest first, at least `downAfterMs` of it where there is so much
 */
export const decide = (history: readonly Observation[], limits: Limits, state: State): Decision => {
  const now = history.at(-1)
  if (now === undefined) return hold('unknown', false, 'nothing is measured yet')
  const { shards, demand } = now
  if (!now.active) return hold('changing', false, 'the stream is being changed')
  if (shards < limits.min)
    return up(now, limits.min, `at least ${limits.min} shards are asked for`, limits, state)
  if (demand === null) return hold('unknown', false, 'there is no fresh measurement of the traffic')
  const { hotKeys } = demand
  if (hotKeys.length > 0 && !demand.byShard)
    return hold(
      'hot key',
      true,
      `one key is too much for ${names(hotKeys)}, and whether the other shards need more is not told without metrics by shard`,
    )
  const { goal } = withPresent(state, now, limits.headroom)
  if (goal !== undefined) return up(now, goal, `${shards} was a step on the way to ${goal}`, limits, state)

  const since = sinceChange(history)
  const measured = since.filter((each) => each.demand !== null && isOfThese(each.demand, since, history))
  if (measured.at(-1) !== now)
    return hold('measuring', false, `the ${shards} shards have not been measured for long enough`)
  if (isOver(now, limits)) {
    const run = measured.slice(measured.findLastIndex((each) => !isOver(each, limits)) + 1)
    const ms = demand.measuredAt - (run[0]?.demand?.measuredFrom ?? demand.measuredAt)
    if (ms < limits.upAfterMs)
      return hold('lately', false, `${pressure(demand)}, but only for ${seconds(ms)} so far`)
    const target = Math.max(neededShards(demand, limits.headroom), shards + 1)
    return up(now, target, `${pressure(demand)}; ${need(demand, shards, limits.headroom)}`, limits, state)
  }
  if (hotKeys.length > 0)
    return hold('hot key', true, `one key is too much for ${names(hotKeys)}, which no count can mend`)
  return down(since, limits, state)
}

/** Whether it is offered too much: more than chance explains, or than a shard takes. */
const isOver = ({ demand, shards }: Observation, { upAt }: Limits): boolean =>
  demand !== null &&
  (demand.throttledPerSecond > 0 ||
    demand.hottest >= 1 ||
    Math.max(demand.surely.hottest, demand.surely.load / shards) > upAt)

const up = (now: Observation, wanted: number, why: string, limits: Limits, state: State): Decision => {
  const goal = Math.min(wanted, Math.max(limits.max, now.shards))
  if (goal <= now.shards) return hold('most', true, `${why}, but --max allows ${count(limits.max)} at most`)
  const refused = refusedFor(state, now.at)
  if (refused !== undefined) return hold('budget', true, `${why}, but ${refused}`)
  const to = nextShardCount(now.shards, goal)
  const capped = goal < wanted ? `; --max is ${limits.max}` : ''
  const step = to < goal ? `; one step at most doubles, so ${to} is the first on the way to ${goal}` : ''
  return { to, goal, reason: why + capped + step }
}

const down = (since: readonly Observation[], limits: Limits, state: State): Decision => {
  const now = since.at(-1)
  const demand = now?.demand
  if (!now || !demand) return hold('unknown', false, 'there is no fresh measurement of the traffic')
  const enough = hold(
    'enough',
    false,
    `the stream has shards enough: the busiest of ${rounded(now.shards)} is at ${percent(demand.hottest)}`,
  )
  const late = since.filter(({ at }) => at >= now.at - limits.downAfterMs)
  const isLong = since.some(({ at }) => at <= now.at - limits.downAfterMs)
  const demands = late.flatMap((each) => each.demand ?? [])
  const isQuiet = demands.length === late.length && demands.every(({ hotKeys }) => hotKeys.length === 0)
  if (!isLong || !isQuiet) return enough
  // With fewer shards the busiest one gets busier: headroom is for that one too.
  const busiest = Math.max(...demands.map(({ surely }) => surely.hottest))
  const target = Math.max(
    limits.min,
    ...demands.map((each) => neededShards(each, limits.headroom)),
    Math.ceil(now.shards * busiest * limits.headroom - 1e-9),
  )
  const to = nextShardCount(now.shards, target)
  if (target > now.shards * limits.downTo) return enough
  const why = `for ${minutes(limits.downAfterMs)}, ${count(target)} would have been enough with headroom ${limits.headroom}`
  const left = budgetLeft(state, now.at)
  if (left < limits.reserve)
    return hold(
      'budget',
      true,
      `${why}, but the ${left} of ${stepsADay} steps left today are kept for going up`,
    )
  const refused = refusedFor(state, now.at)
  return refused === undefined
    ? { to, goal: to, reason: why }
    : hold('budget', true, `${why}, but ${refused}`)
}

const hold = (hold: Hold, wanted: boolean, reason: string): Decision => ({ hold, wanted, reason })

/** The newest observations that are of the present count, without a gap. */
const sinceChange = (history: readonly Observation[]): Observation[] => {
  let from = history.length - 1
  for (; from > 0; from -= 1) {
    const [before, after] = [history[from - 1], history[from]]
    if (!before || !after || before.shards !== after.shards || after.at - before.at > gapMs) break
  }
  return history.slice(Math.max(0, from))
}

/** Whether a demand was measured when the present shards were there: what is before a change says nothing of them. */
const isOfThese = (
  { measuredFrom }: Demand,
  since: readonly Observation[],
  history: readonly Observation[],
): boolean => since.length === history.length || measuredFrom >= (since[0]?.at ?? 0)
