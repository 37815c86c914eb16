import { pollStatuses } from '../../../ingest/poll.ts'
import type { Rejections } from '../../../ingest/rejection.ts'
import type { Scoreboard, Stats } from '../../read-model.ts'

/**
 * Which of two snapshots of one poll to show. Several edges answer, so an older snapshot can arrive after a newer one:
 * the incoming one is taken only if its version, its status rank, every option's votes and every rejection count are
 * not lower than what is shown (design, section 7).
 *
 * @returns `incoming` when it is taken, else `shown`, as the same objects
 */
export const accept = (shown: Scoreboard | undefined, incoming: Scoreboard): Scoreboard =>
  shown === undefined || notLower(shown, incoming) ? incoming : shown

const notLower = (shown: Scoreboard, incoming: Scoreboard): boolean => {
  const votes = new Map(incoming.options.map((option) => [option.id, option.votes]))
  return (
    incoming.poll.id === shown.poll.id &&
    incoming.version >= shown.version &&
    pollStatuses.indexOf(incoming.status) >= pollStatuses.indexOf(shown.status) &&
    shown.options.every((option) => (votes.get(option.id) ?? -1) >= option.votes) &&
    rejectionsNotLower(shown.rejected, incoming.rejected)
  )
}

/** The same rule for the whole system's figures: lifetime totals never fall. */
export const acceptStats = (shown: Stats | undefined, incoming: Stats): Stats =>
  shown === undefined ||
  (incoming.counted >= shown.counted && rejectionsNotLower(shown.rejected, incoming.rejected))
    ? incoming
    : shown

const rejectionsNotLower = (shown: Rejections, incoming: Rejections): boolean =>
  Object.entries(shown).every(([reason, count]) => (incoming[reason as keyof Rejections] ?? 0) >= count)
