import { complaint, type Run } from './comparison.ts'
import { type Baseline, type Patience, reconcile, type Surroundings, type Verdict } from './reconcile.ts'
import { votesIn } from './tally.ts'

/** What any generator tells of its run. */
export type Sent = Run & {
  /** Votes, well or badly cast: each that was sent was accepted, throttled (429) or failed. */
  votes: { sent: number; throttled: number; failed: number }
}

/** The seven figures that every run ends with, in votes. */
export type Totals = Record<(typeof totalNames)[number], number>

export const totalNames = [
  'sent',
  'accepted',
  'throttled',
  'failed',
  'counted',
  'rejected',
  'difference',
] as const

export type Settled = {
  verdict: Verdict
  totals: Totals
  /** What the count has wrong, a line each. */
  failures: string[]
}

/** Waits for the count, closes the poll if it is to be closed, and holds both to what was accepted. */
export const settle = async (
  sent: Sent,
  baseline: Baseline,
  surroundings: Surroundings,
  patience: Patience,
): Promise<Settled> => {
  const verdict = await reconcile(sent, baseline, surroundings, patience)
  const { comparisons, final } = verdict
  const failures = [...comparisons, ...(final?.comparisons ?? [])]
    .map(complaint)
    .filter((line) => line !== undefined)
  if (final?.problem !== undefined) failures.push(final.problem)
  if (votesIn(sent.accepted) === 0) failures.push('not one vote was accepted')
  return { verdict, totals: totalsOf(sent, verdict), failures }
}

/** Why a run fails that got such answers. */
export const unexpectedText = (requests: number): string =>
  `${requests} requests got a status they do not expect; see the answers above`

/**
 * A vote is counted for an option or rejected for a reason. The difference is 0 when each option and each reason, and all
 * votes together, have grown by what was accepted, and the result of a poll that was closed says the same; a vote whose
 * answer was lost may have been stored.
 */
export const totalsOf = (
  { accepted, votes }: Sent,
  { comparisons, final }: Pick<Verdict, 'comparisons' | 'final'>,
): Totals => {
  const found = (prefix: RegExp): number =>
    comparisons.reduce((sum, { what, found }) => (prefix.test(what) ? sum + found : sum), 0)
  const differences = (prefix: RegExp, among = comparisons): number =>
    among.reduce((sum, { what, difference }) => (prefix.test(what) ? sum + Math.abs(difference) : sum), 0)
  const parts = /^(option |rejected |\/stats rejected )/
  return {
    ...votes,
    accepted: votesIn(accepted),
    counted: found(/^option /),
    rejected: found(/^(rejected |\/stats rejected )/),
    difference: Math.max(
      differences(parts),
      differences(/^\/stats counted/),
      differences(/^final /, final?.comparisons ?? []),
    ),
  }
}
