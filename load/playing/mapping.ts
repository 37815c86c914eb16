import { LoadError } from '../load-error.ts'

/** A place in a scenario file, for errors that say where. */
export type Place = { in(path: string): Place; error(problem: string): LoadError }

export const place = (file: string, path = ''): Place => ({
  in: (more) => place(file, path === '' ? more : `${path}.${more}`),
  error: (problem) => new LoadError(`${file}: ${path === '' ? 'it' : path} ${problem}.`),
})

/** Names and values of a YAML mapping; throws `LoadError` for anything else. */
export const mapping = (value: unknown, at: Place): Record<string, unknown> => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw at.error('must be a mapping of names to values')
}

/** Throws `LoadError` for a name that volley does not know: what it does not play must never be dropped unseen. */
export const refuseOthers = (value: object, known: readonly string[], at: Place): void => {
  const other = Object.keys(value).find((name) => !known.includes(name))
  if (other !== undefined)
    throw at.in(other).error('is not played by volley, and a scenario is for both generators; take it out')
}

export const text = (value: unknown, at: Place): string => {
  if (typeof value === 'string') return value
  throw at.error(`must be a text, not ${JSON.stringify(value)}`)
}

/** A number of `least` or more; throws `LoadError` for anything else. */
export const quantity = (value: unknown, at: Place, least = 0): number => {
  if (typeof value === 'number' && value >= least && Number.isFinite(value)) return value
  throw at.error(`must be a number of ${least} or more, not ${JSON.stringify(value)}`)
}
