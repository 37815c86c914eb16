import type { Ledger } from './ledger.ts'

/** Clocks of stream and function differ, and records go a little earlier or later than they may. */
const marginMs = 3_600_000

/**
 * Whether records behind a ledger's checkpoint may have outlived the retention unread by `now`. They go in the order of their
 * arrival, so that cannot be while the last record that was counted is kept, nor for that long after somebody saw that
 * nothing was left to be counted.
 *
 * @param now epoch ms
 */
export const mayHaveExpired = (
  { lastArrival, caughtUpAt }: Pick<Ledger, 'lastArrival' | 'caughtUpAt'>,
  now: number,
  retentionMs: number,
): boolean => {
  const seenUntil = Math.max(lastArrival ?? 0, caughtUpAt ?? 0)
  return now - seenUntil > retentionMs - marginMs
}

/** How old that evidence may get before it is renewed: a small part of the retention, so that a missed turn does not matter. */
export const renewAfterMs = (retentionMs: number): number => retentionMs / 8
