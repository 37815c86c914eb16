import type { Stretch } from '../volley/schedule.ts'
import { mapping, type Place, quantity, refuseOthers, text } from './mapping.ts'

/** A phase of a scenario as a stretch of arrivals per second. Throws `LoadError` for one that volley cannot play. */
export const parsePhase = (
  value: unknown,
  at: Place,
  leaveOut: (what: string) => void,
): Stretch & { name: string } => {
  const phase = mapping(value, at)
  refuseOthers(phase, known, at)
  if (phase.maxVusers !== undefined) leaveOut('maxVusers (volley is an open loop)')
  const name = phase.name === undefined ? 'phase' : text(phase.name, at.in('name'))
  if (phase.pause !== undefined)
    return { name, seconds: secondsOf(phase.pause, at.in('pause')), from: 0, to: 0 }
  const seconds = secondsOf(phase.duration, at.in('duration'))
  if (phase.arrivalCount !== undefined) {
    const rate = quantity(phase.arrivalCount, at.in('arrivalCount')) / seconds
    return { name, seconds, from: rate, to: rate }
  }
  const from = quantity(
    phase.arrivalRate ?? (phase.rampTo === undefined ? undefined : 0),
    at.in('arrivalRate'),
  )
  const to = phase.rampTo === undefined ? from : quantity(phase.rampTo, at.in('rampTo'))
  return { name, seconds, from, to }
}

const known = ['name', 'duration', 'pause', 'arrivalRate', 'arrivalCount', 'rampTo', 'maxVusers']

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3_600 }

/** Seconds, as a number or with a unit: `30`, `'30s'`, `'2 min'`. Throws `LoadError` for anything else. */
export const secondsOf = (value: unknown, at: Place): number => {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?) ?([a-z]*?)$/.exec(String(value)) ?? []
  const seconds = Number(amount) * (unitSeconds[unit === '' ? 's' : unit] ?? Number.NaN)
  if (seconds > 0) return seconds
  throw at.error(`must be seconds or a text such as '30s', not ${JSON.stringify(value)}`)
}
