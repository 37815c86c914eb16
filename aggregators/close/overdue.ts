import { isDefined, type Poll } from '../../ingest/poll.ts'

/** Polls that should have a result and have none, and for how long the first of them should have had it, ms. */
export type Overdue = { polls: number; oldestMs: number }

/**
 * How far behind closing is: a poll is due from when it was closed, or from its `closesAt`.
 *
 * @param polls those without a result
 * @param now the table's clock, epoch ms
 */
export const overdue = (polls: Iterable<Poll>, now: number): Overdue => {
  const waits = [...polls].filter(isDefined).flatMap(({ closedAt, closesAt }) => {
    // Another's clock may have closed it a little later than it now is by ours.
    if (closedAt !== undefined) return [Math.max(0, now - closedAt)]
    return closesAt !== null && closesAt <= now ? [now - closesAt] : []
  })
  return { polls: waits.length, oldestMs: Math.max(0, ...waits) }
}
