/** Who takes turns in a round, in their order: who begins goes round, since the first and the last may have it easier. */
export const rotated = <T>(all: readonly T[], round: number): T[] => {
  const first = round % Math.max(all.length, 1)
  return [...all.slice(first), ...all.slice(0, first)]
}
