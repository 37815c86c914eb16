import { LoadError } from '../load-error.ts'
import { rejections, votesIn } from '../tally.ts'
import type { Address } from '../volley/connection.ts'
import type { RequestKind } from '../volley/kind.ts'
import type { VolleyPlan, VolleySettings } from '../volley/play.ts'
import { rampSchedule, type Schedule } from '../volley/schedule.ts'
import { requestsPerArrival, scenarioKinds } from './kinds.ts'
import type { Scenario } from './scenario.ts'

/**
 * A scenario as a volley: its arrivals, times the requests that each makes.
 *
 * @param scale what all rates are multiplied by
 */
export const scenarioPlan = (
  scenario: Scenario,
  { poll, address, scale }: { poll: string; address: Address; scale: number },
  settings: VolleySettings,
): VolleyPlan => ({
  ...settings,
  address,
  kinds: scenarioKinds(scenario, poll, settings.seed),
  schedule: scenarioSchedule(scenario, scale * requestsPerArrival(scenario)),
})

/**
 * The good votes of a scenario alone, in their mix, for a while, at the rate at which its first phase has them; of a ramp, at
 * the mean of it.
 *
 * @throws LoadError when it has none
 */
export const warmUpPlan = (
  scenario: Scenario,
  where: { poll: string; address: Address; scale: number },
  settings: VolleySettings,
  seconds: number,
): VolleyPlan => {
  const plan = scenarioPlan(scenario, where, settings)
  const kinds = plan.kinds.filter(isGoodVote)
  if (kinds.length === 0) throw new LoadError('The scenario has no good votes to warm up with.')
  const { from, to } = scenario.phases.find((phase) => phase.from + phase.to > 0) ?? { from: 0, to: 0 }
  const perArrival = (requestsPerArrival(scenario) * weightOf(kinds)) / weightOf(plan.kinds)
  const rate = ((from + to) / 2) * perArrival * where.scale
  return { ...plan, kinds, schedule: rampSchedule([{ seconds, from: rate, to: rate }]) }
}

const isGoodVote = ({ tally }: RequestKind): boolean => votesIn(tally) > 0 && rejections(tally).length === 0

const weightOf = (kinds: readonly RequestKind[]): number => kinds.reduce((sum, { weight }) => sum + weight, 0)

/** When something is due that happens so many times for each arrival, on average. */
export const scenarioSchedule = ({ phases }: Pick<Scenario, 'phases'>, perArrival: number): Schedule =>
  rampSchedule(
    phases.map(({ seconds, from, to }) => ({ seconds, from: from * perArrival, to: to * perArrival })),
  )

/** Milliseconds from the first arrival to the last. */
export const lengthMs = ({ phases }: Pick<Scenario, 'phases'>): number =>
  phases.reduce((sum, { seconds }) => sum + seconds * 1_000, 0)
