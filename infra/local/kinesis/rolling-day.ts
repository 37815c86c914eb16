const dayMs = 24 * 3_600_000

/** Those of some times (epoch ms) that lie less than 24 hours back. */
export const inRollingDay = (times: readonly number[], now: number): number[] =>
  times.filter((at) => at > now - dayMs)
