import type { Address } from '../volley/connection.ts'
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

/** When something is due that happens so many times for each arrival, on average. */
export const scenarioSchedule = ({ phases }: Pick<Scenario, 'phases'>, perArrival: number): Schedule =>
  rampSchedule(
    phases.map(({ seconds, from, to }) => ({ seconds, from: from * perArrival, to: to * perArrival })),
  )

/** Milliseconds from the first arrival to the last. */
export const lengthMs = ({ phases }: Pick<Scenario, 'phases'>): number =>
  phases.reduce((sum, { seconds }) => sum + seconds * 1_000, 0)
