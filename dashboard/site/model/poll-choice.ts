import { isToolsPoll } from '../../../ingest/poll.ts'
import type { PollsView } from '../../read-model.ts'

export type ListedPoll = PollsView['polls'][number]

/** Which poll the page shows: one of the list, one that the link names but nobody knows, or none. */
export type PollChoice = { kind: 'poll'; id: string } | { kind: 'unknown'; id: string } | { kind: 'none' }

/**
 * @param wanted the poll that the address names, `null` for the default: the newest open one, else the newest. A tool's
 * own poll is the default only where there is no other.
 */
export const choosePoll = (polls: readonly ListedPoll[], wanted: string | null): PollChoice => {
  if (wanted !== null)
    return { kind: polls.some((poll) => poll.id === wanted) ? 'poll' : 'unknown', id: wanted }
  const people = polls.filter(({ id }) => !isToolsPoll(id))
  const newest = newestFirst(people.length > 0 ? people : polls)
  const poll = newest.find((one) => one.status === 'open') ?? newest[0]
  return poll === undefined ? { kind: 'none' } : { kind: 'poll', id: poll.id }
}

export const newestFirst = (polls: readonly ListedPoll[]): ListedPoll[] =>
  polls.toSorted((a, b) => b.createdAt - a.createdAt)
