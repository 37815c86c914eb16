/**
 * When each request of a volley is due. The schedule is arithmetic, so it takes no memory however far the generator
 * falls behind, and a request that waits for a free connection keeps its moment: latency is measured from there.
 */
export type Schedule = {
  /** Requests in all. */
  size: number
  /** Milliseconds from one request's moment to the next one's. */
  intervalMs: number
}

/**
 * @param rate votes per second
 * @param batch votes per request
 */
export const schedule = (rate: number, seconds: number, batch: number): Schedule => ({
  size: Math.max(1, Math.round((rate * seconds) / batch)),
  intervalMs: (1_000 * batch) / rate,
})

/** The moment of request `n` (from 0), in milliseconds from the start. */
export const dueAtMs = ({ intervalMs }: Schedule, n: number): number => n * intervalMs

/** How many requests are due once `elapsedMs` have passed. The first is due at once. */
export const dueBy = ({ size, intervalMs }: Schedule, elapsedMs: number): number =>
  elapsedMs < 0 ? 0 : Math.min(size, Math.floor(elapsedMs / intervalMs) + 1)
