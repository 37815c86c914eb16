import type { Address } from './connection.ts'
import { type Mix, requestKinds } from './mix.ts'
import { playVolley, type Volley, type VolleyPlan, type VolleySettings } from './play.ts'
import { schedule } from './schedule.ts'

export type VolleySpec = VolleySettings & {
  address: Address
  mix: Mix
  /** Votes per second, all threads together. */
  rate: number
  seconds: number
}

/** The plan of one rate of votes, held. */
export const steadyPlan = ({ mix, rate, seconds, ...settings }: VolleySpec): VolleyPlan => ({
  ...settings,
  kinds: requestKinds(mix, settings.seed),
  schedule: schedule(rate, seconds, mix.batch),
})

/** Starts an open-loop stream of votes at a fixed rate; see `playVolley`. */
export const startVolley = (spec: VolleySpec): Volley => playVolley(steadyPlan(spec))
