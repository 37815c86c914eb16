/** Votes answered per second in one round: by Placar, and right after it by the bare server. */
export type Round = { placar: number; bare: number }

export type RatioSummary = { placar: number; bare: number; ratio: number }

/**
 * The medians of both, and the median of the ratios round by round, in which what disturbed the machine for a while
 * weighs on both sides alike.
 *
 * @throws RangeError without rounds
 */
export const summariseRounds = (rounds: readonly Round[]): RatioSummary => ({
  placar: median(rounds.map(({ placar }) => placar)),
  bare: median(rounds.map(({ bare }) => bare)),
  ratio: median(rounds.map(({ placar, bare }) => placar / bare)),
})

/** The middle value; of an even number of values, the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('There is no median of no values.')
  return (lower + upper) / 2
}
