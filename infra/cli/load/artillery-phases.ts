import { place } from '../../../load/playing/mapping.ts'
import { secondsOf } from '../../../load/playing/phase.ts'

/** A phase of an Artillery scenario, as its YAML has it; rates in arrivals per second. */
export type ArtilleryPhase = { name?: string } & (
  | { pause: Duration }
  | { duration: Duration; arrivalCount: number }
  | { duration: Duration; arrivalRate: number; rampTo?: number }
)

/** Seconds, or a text such as `'30s'`. */
type Duration = number | string

/**
 * The same phases at `scale` times the rates. Artillery takes whole rates only (a ramp may be broken): a rate that is
 * not whole becomes a count of arrivals, evenly spread, and so does a ramp that stays under one a second.
 */
export const scaledPhases = (phases: readonly ArtilleryPhase[], scale: number): ArtilleryPhase[] =>
  phases.map((phase) => scaled(phase, scale))

const scaled = (phase: ArtilleryPhase, scale: number): ArtilleryPhase => {
  if ('pause' in phase) return phase
  if ('arrivalCount' in phase) return evenly(phase, phase.arrivalCount * scale)
  const { arrivalRate, rampTo, ...rest } = phase
  const from = exact(arrivalRate * scale)
  const to = exact((rampTo ?? arrivalRate) * scale)
  if (rampTo !== undefined && Math.max(from, to) >= 1) return { ...rest, arrivalRate: from, rampTo: to }
  if (rampTo === undefined && Number.isInteger(from)) return { ...rest, arrivalRate: from }
  return evenly(rest, ((from + to) / 2) * secondsOf(phase.duration, place('config.phases')))
}

/** Artillery has no name for a phase without arrivals but a pause. */
const evenly = (phase: { name?: string; duration: Duration }, arrivals: number): ArtilleryPhase => {
  const { duration, ...rest } = phase
  const arrivalCount = Math.round(arrivals)
  return arrivalCount === 0 ? { ...rest, pause: duration } : { ...rest, duration, arrivalCount }
}

/** Without the dust of a multiplication: 7,000 × 0.1 is 700. */
const exact = (rate: number): number => Number(rate.toFixed(6))
