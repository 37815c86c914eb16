import type { Limits } from '../limits.ts'
import { mapping, type Place, quantity, refuseOthers } from './mapping.ts'

/** Limits that a scenario has of its own, which Artillery's `ensure` cannot judge and Artillery does not read. */
export type Aims = Pick<Limits, 'maxFinalMs' | 'minAcceptedRate'>

/** Reads `config.placar`. Throws `LoadError` for a limit that is none of these. */
export const parseAims = (value: unknown, at: Place): Aims => {
  const aims = mapping(value ?? {}, at)
  refuseOthers(aims, known, at)
  return Object.fromEntries(
    known.filter((name) => name in aims).map((name) => [name, quantity(aims[name], at.in(name))]),
  )
}

const known: (keyof Aims)[] = ['maxFinalMs', 'minAcceptedRate']
