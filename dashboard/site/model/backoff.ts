/** About once a second; spread, so that a stadium of screens does not ask in the same millisecond. */
const liveIntervalMs = 1_000
const spread = 0.1

/** A final result never changes; whoever looks at it only wants to know that the server is still there. */
export const finalIntervalMs = 10_000

const firstRetryMs = 500
const maxRetryMs = 4_000

/**
 * How long to wait before asking again, in ms: about `intervalMs` after a good answer; after failures doubling, never
 * more than 4 s, with jitter, so that a server that comes back is not trampled.
 *
 * @param failures bad answers in a row
 * @param random 0 ≤ random < 1
 * @param retryAfterMs what the server asked for, honoured up to the same 4 s
 * @param intervalMs a second, unless nothing can change any more
 */
export const nextDelayMs = (
  failures: number,
  random: number,
  retryAfterMs = 0,
  intervalMs = liveIntervalMs,
): number => {
  if (failures === 0) return intervalMs * (1 - spread + 2 * spread * random)
  const backoffMs = Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1)) * (0.5 + random / 2)
  return Math.max(backoffMs, Math.min(maxRetryMs, retryAfterMs))
}
