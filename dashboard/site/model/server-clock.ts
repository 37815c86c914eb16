/**
 * How far the server's clock is ahead of this page's monotonic one (`performance.now()`), learnt from answers.
 * The browser's own wall clock is never asked: it may be hours wrong.
 *
 * Each answer proves that the server's clock had *at least* reached a moment when it arrived, so the greatest recent
 * difference is the best: it comes from the quickest answer. Only recent ones count, so that a clock set back on
 * the server, or a laptop that slept, is noticed.
 */
export type ServerClock = readonly number[]

/** Two minutes of answers, at one a second. */
const maxSamples = 120

/**
 * @param serverMs a moment which the server's clock had reached, epoch ms; `undefined` teaches nothing
 * @param now `performance.now()` when the answer arrived
 */
export const learn = (clock: ServerClock, serverMs: number | undefined, now: number): ServerClock =>
  serverMs === undefined ? clock : [...clock, serverMs - now].slice(-maxSamples)

/** The server's time, epoch ms, or `undefined` before the first answer. */
export const serverTime = (clock: ServerClock, now: number): number | undefined =>
  clock.length === 0 ? undefined : now + Math.max(...clock)
