import { rejectionReasons } from '../ingest/rejection.ts'
import type { Count } from './count.ts'
import { type Tally, votesIn } from './tally.ts'

/** What a run did, as far as its generator knows. */
export type Run = {
  /** What the votes answered 202 must come to. */
  accepted: Tally
  /** What the votes come to whose answers were lost or 5xx, each only if it was stored all the same. */
  unknown: Tally
  /** Epoch ms; `null` when nothing was answered. */
  lastAnswerAt: number | null
}

/** The count must have grown by `least` to `most` votes (`null`: or more). `difference` is 0 when it has. */
export type Comparison = {
  what: string
  least: number
  most: number | null
  found: number
  /** Below 0: so many votes are missing; above 0: so many are too many. */
  difference: number
}

/**
 * Compares how much the count has grown with what a run did, per option and per reason.
 *
 * @param othersVoted whether other polls were voted in meanwhile; `/stats`, which covers all, is then only held to
 *   the least
 */
export const compare = (
  { accepted, unknown }: Run,
  before: Count,
  after: Count,
  othersVoted: boolean,
): Comparison[] => {
  return [
    ...comparePoll({ accepted, unknown }, before.poll, after.poll, closedBy(after)),
    comparison(
      '/stats rejected unknown_poll',
      accepted.rejected.unknown_poll,
      unknown.rejected.unknown_poll,
      grown(before.system.rejected.unknown_poll, after.system.rejected.unknown_poll),
      othersVoted,
    ),
    comparison(
      '/stats counted + rejected',
      votesIn(accepted),
      votesIn(unknown),
      grown(before.system.votes, after.system.votes),
      othersVoted,
    ),
  ].filter(({ least, most, found }) => least !== 0 || most !== 0 || found !== 0)
}

const closedBy = ({ status }: Count): boolean => status === 'closing' || status === 'final'

/**
 * The same for the poll alone, such as the final result of one that had no votes before.
 *
 * @param closed whether the poll is closed: a vote of unknown fate that came behind the end is then rejected for that,
 *   instead of what it would have come to
 */
export const comparePoll = (
  { accepted, unknown }: Pick<Run, 'accepted' | 'unknown'>,
  before: Tally,
  after: Tally,
  closed: boolean,
): Comparison[] => {
  const options = new Set([after, accepted, unknown].flatMap(({ options }) => Object.keys(options)))
  const reasons = rejectionReasons.filter((reason) => reason !== 'unknown_poll' && reason !== 'closed')
  const inTime = [
    ...[...options].map((option) =>
      comparison(
        `option ${option}`,
        accepted.options[option],
        unknown.options[option],
        grown(before.options[option], after.options[option]),
      ),
    ),
    ...reasons.map((reason) =>
      comparison(
        `rejected ${reason}`,
        accepted.rejected[reason],
        unknown.rejected[reason],
        grown(before.rejected[reason], after.rejected[reason]),
      ),
    ),
  ]
  // Each vote of unknown fate was stored once at most, in time or too late.
  const stored = inTime.reduce((sum, { least, found }) => sum + Math.max(0, found - least), 0)
  const unknownVotes = votesIn(unknown) - (unknown.rejected.unknown_poll ?? 0)
  const tooLate = comparison(
    'rejected closed',
    accepted.rejected.closed,
    closed ? Math.max(0, unknownVotes - stored) : unknown.rejected.closed,
    grown(before.rejected.closed, after.rejected.closed),
  )
  return [...inTime, tooLate]
}

const grown = (before = 0, after = 0): number => after - before

const comparison = (what: string, accepted = 0, unknown = 0, found = 0, orMore = false): Comparison => {
  const most = orMore ? null : accepted + unknown
  const tooMany = most === null ? 0 : Math.max(0, found - most)
  return { what, least: accepted, most, found, difference: Math.min(0, found - accepted) || tooMany }
}

/** What is wrong with a comparison, in one line; `undefined` when nothing is. */
export const complaint = ({ what, least, most, found, difference }: Comparison): string | undefined => {
  if (difference === 0) return undefined
  const expected = most === null ? `at least ${least}` : most === least ? `${least}` : `${least} to ${most}`
  return `${what}: expected ${expected}, found ${found}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'too many'}`
}
