import type { RejectionReason, Rejections } from '../ingest/rejection.ts'

/** Votes counted per option and rejected per reason; what did not occur is absent. */
export type Tally = { counts: Record<string, number>; rejected: Rejections }

/** How one record's votes turned out, before anything is added anywhere. */
export type Outcome = { option: string } | { reason: RejectionReason }

export const emptyTally = (): Tally => ({ counts: {}, rejected: {} })

export const addOutcome = (tally: Tally, outcome: Outcome): void => {
  if ('option' in outcome) increase(tally.counts, outcome.option, 1)
  else increase(tally.rejected, outcome.reason, 1)
}

/** Adds to an own property: ids come from outside, and `constructor` is a well-formed one. */
export const increase = <K extends string>(counts: Partial<Record<K, number>>, key: K, by: number): void => {
  counts[key] = ((Object.hasOwn(counts, key) ? counts[key] : undefined) ?? 0) + by
}

/** A property that the object itself has, whatever its name. */
export const own = <T>(object: Readonly<Partial<Record<string, T>>>, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

export const sum = (counts: Partial<Record<string, number>>): number =>
  Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0)

/** Adds `more` onto `total`, key by key. */
export const addCounts = <K extends string>(
  total: Partial<Record<K, number>>,
  more: Partial<Record<K, number>>,
): void => {
  for (const key of Object.keys(more) as K[]) increase(total, key, more[key] ?? 0)
}
