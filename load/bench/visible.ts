import type { LatencyBucket } from '../../dashboard/read-model.ts'

/** A total that only grows, as somebody saw it: `total` from `at` on (epoch ms). In order of time. */
export type Step = { at: number; total: number }

/** How long votes took from accepted to shown, ascending; `unseen` votes were accepted and never shown. */
export type Visibility = { buckets: LatencyBucket[]; unseen: number }

/**
 * The distribution of accepted → visible over all votes, exactly, from two step curves: the k-th vote was accepted when
 * the first total reached k, and visible when the second did. Votes have no names on a page that shows a total, so it
 * is the k-th of each and not the same vote twice; the mean is the same either way.
 *
 * A vote that was shown before its answer was read took 0 ms.
 */
export const visibility = (accepted: readonly Step[], shown: readonly Step[]): Visibility => {
  const votesByMs = new Map<number, number>()
  let unseen = 0
  let from = 0
  let next = 0
  for (const { at, total } of accepted)
    while (from < total) {
      while (next < shown.length && (shown[next]?.total ?? 0) <= from) next += 1
      const step = shown[next]
      const to = Math.min(total, step?.total ?? total)
      if (step === undefined) unseen += to - from
      else {
        const ms = Math.max(0, step.at - at)
        votesByMs.set(ms, (votesByMs.get(ms) ?? 0) + to - from)
      }
      from = to
    }
  const buckets = [...votesByMs].map(([upTo, count]) => ({ upTo, count }))
  return { buckets: buckets.sort((a, b) => a.upTo - b.upTo), unseen }
}

/**
 * Turns readings of a growing total into a curve that is never too late: what a reading found may have been there since
 * the reading before, and is dated so.
 *
 * @param startedAt epoch ms, before the first of it
 */
export const earliestSteps = (
  startedAt: number,
): { read(at: number, total: number): void; steps: Step[] } => {
  const steps: Step[] = []
  let readAt = startedAt
  let known = 0
  return {
    read: (at, total) => {
      if (total > known) steps.push({ at: readAt, total })
      known = Math.max(known, total)
      readAt = at
    },
    steps,
  }
}
