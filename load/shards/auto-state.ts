import { type Demand, neededShards } from './auto-demand.ts'
import { stepsADay } from './steps.ts'

/** What a run has done. A stream takes ten steps in any 24 hours, and AWS does not tell who took how many. */
export type State = {
  /** When this run took a step, epoch ms. */
  steps: readonly number[]
  /** When AWS last refused one for being over a limit; steps of others count there too. */
  refusedAt: number | undefined
  /** The shards that are being gone up to, where that takes more than one step. */
  goal: number | undefined
}

export const initialState: State = { steps: [], refusedAt: undefined, goal: undefined }

export const afterStep = (state: State, goal: number, at: number): State => ({
  ...state,
  steps: [...state.steps, at],
  goal,
})

export const afterRefusal = (state: State, at: number): State => ({
  ...state,
  refusedAt: at,
  goal: undefined,
})

/**
 * The state once a stream was seen: a goal that is reached, or that what is offered now no longer needs, is none any more.
 */
export const withPresent = (
  state: State,
  { shards, demand }: { shards: number; demand: Demand | null },
  headroom: number,
): State => {
  const isReached = state.goal !== undefined && shards >= state.goal
  const isNeedless = demand !== null && neededShards(demand, headroom) <= shards
  return isReached || isNeedless ? { ...state, goal: undefined } : state
}

const dayMs = 24 * 3_600_000

/** So long after AWS has refused a step it is asked again, ms; being refused costs nothing. */
const askAgainMs = 10 * 60_000

/** Steps that this run has left at a moment, as far as it knows. */
export const budgetLeft = ({ steps }: State, at: number): number =>
  stepsADay - steps.filter((step) => step > at - dayMs).length

/** Why no step can be taken at a moment; `undefined` when one can. */
export const refusedFor = (state: State, at: number): string | undefined => {
  const { steps, refusedAt } = state
  if (refusedAt !== undefined && at - refusedAt < askAgainMs)
    return `AWS refused the last step; it is asked again in ${minutes(refusedAt + askAgainMs - at)}`
  if (budgetLeft(state, at) > 0) return undefined
  const freed = Math.min(...steps.filter((step) => step > at - dayMs)) + dayMs
  return `the ${stepsADay} steps that AWS allows in 24 hours are used up; the next is free in ${minutes(freed - at)}`
}

const minutes = (ms: number): string => `${Math.ceil(ms / 60_000)} min`
