/** What several rounds gave. */
export type Spread = { median: number; least: number; most: number }

/** @throws RangeError without values */
export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
})

/**
 * Ours by theirs, round by round, in which what disturbed the machine for a while weighs on both sides alike.
 *
 * @throws RangeError without rounds, or unless both have the same number of them
 */
export const ratioSpread = (ours: readonly number[], theirs: readonly number[]): Spread => {
  if (ours.length !== theirs.length)
    throw new RangeError(`${ours.length} rounds of ours have no ratio to ${theirs.length} of theirs.`)
  return spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)))
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('There is no median of no values.')
  return (lower + upper) / 2
}
