import type { Limits } from '../limits.ts'
import type { VolleySettings } from '../volley/play.ts'
import { mapping, type Place, quantity, refuseOthers } from './mapping.ts'

/**
 * What a scenario says to volley alone, and Artillery does not read: limits that Artillery's `ensure` cannot judge, how
 * the requests travel (see `VolleySettings`), and how long a warm-up it needs.
 */
export type Aims = Pick<Limits, 'maxFinalMs' | 'minAcceptedRate' | 'minRateHeld'> &
  Partial<Pick<VolleySettings, 'connections' | 'pipeline'>> & {
    /** The default of --warm-up. */
    warmUpSeconds?: number
  }

/** Reads `config.placar`. Throws `LoadError` for what is none of these. */
export const parseAims = (value: unknown, at: Place): Aims => {
  const aims = mapping(value ?? {}, at)
  refuseOthers(aims, known, at)
  return Object.fromEntries(
    known.filter((name) => name in aims).map((name) => [name, quantity(aims[name], at.in(name))]),
  )
}

const known: (keyof Aims)[] = [
  'maxFinalMs',
  'minAcceptedRate',
  'minRateHeld',
  'connections',
  'pipeline',
  'warmUpSeconds',
]
