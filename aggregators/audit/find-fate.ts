import type { RecordBody } from '../../ingest/envelope.ts'
import { meets, type Poll, refuses } from '../../ingest/poll.ts'
import type { RejectionReason } from '../../ingest/rejection.ts'
import type { Vote } from '../../ingest/vote.ts'
import { isAfter } from '../sequence-number.ts'
import type { Outcome } from '../tally.ts'

/** What became of one vote, and why in words. Without an outcome it cannot be told from what is there. */
export type Fate = { outcome?: Outcome; why: string }

export type FateInput = {
  shardId: string
  sequenceNumber: string
  /** Epoch ms. */
  arrival: number
  body: RecordBody
  /**
   * The definition of the poll that the record names. `unknown`: who knows every poll knows none of that id;
   * `unavailable`: only some could be read.
   */
  poll: Poll | 'unknown' | 'unavailable'
  /** The poll's first close marker in the shard. */
  marker: string | undefined
}

/** The rules of design section 5 for each vote of a record, in order; for one that holds no readable vote, a single fate. */
export const fatesOf = (input: FateInput): Fate[] => {
  const { body } = input
  switch (body.kind) {
    case 'rejected':
      return [rejected(body.reason, unreadable[body.reason])]
    case 'close':
      return [{ why: `not a vote: it is the marker that closed poll ${body.poll.id} in this shard` }]
    case 'votes':
      return fatesOfVotes(input, body.poll, body.votes)
    default:
      return body satisfies never
  }
}

const unreadable = {
  malformed: 'its bytes cannot be read as votes',
  unsupported_version: 'its bytes have a format that this version of Placar does not read',
} as const

const fatesOfVotes = (input: FateInput, pollId: string, votes: readonly Vote[]): Fate[] => {
  const { poll, arrival } = input
  if (poll === 'unavailable')
    return votes.map(() => ({
      why: `not to be told yet: poll ${pollId} has no last line in the archive, and no running instance was there to ask`,
    }))
  if (poll === 'unknown') return votes.map(() => rejected('unknown_poll', `there is no poll ${pollId}`))
  const unmet = poll.voided
    ? `poll ${pollId} is void`
    : poll.pending
      ? `poll ${pollId} is being created`
      : `poll ${pollId} was created later, at ${isoText(poll.createdAt)}`
  if (!meets(poll, arrival)) return votes.map(() => rejected('unknown_poll', unmet))
  const behind = closedBefore(input, poll)
  if (behind !== undefined) return votes.map(() => rejected('closed', behind))
  return votes.map(({ option }) => fateOfVote(poll, option, arrival))
}

/** Why the poll was closed in this shard before the record; `undefined` when it was not. */
const closedBefore = ({ shardId, sequenceNumber, marker }: FateInput, poll: Poll): string | undefined => {
  if (marker !== undefined && isAfter(sequenceNumber, marker))
    return `it stands behind the close marker of its shard, ${marker}`
  if (poll.closedAt !== undefined && !poll.shards.includes(shardId))
    return `its shard had no vote for poll ${poll.id} before that was closed`
  return undefined
}

const fateOfVote = (poll: Poll, option: string, arrival: number): Fate => {
  const found = poll.options.find(({ id }) => id === option)
  const reason = refuses(poll, found !== undefined, arrival)
  if (reason === undefined)
    return { outcome: { option }, why: `counted for ${found?.label} in poll ${poll.title}` }
  return rejected(reason, refusals(poll, option)[reason] ?? reason)
}

const refusals = (poll: Poll, option: string): Partial<Record<RejectionReason, string>> => ({
  unknown_option: `poll ${poll.id} has no option ${option}`,
  not_open_yet: `it arrived before the poll opened, at ${isoText(poll.opensAt)}`,
  closed: `it arrived when the poll was closed already, since ${isoText(poll.closesAt ?? poll.opensAt)}`,
})

const rejected = (reason: RejectionReason, why: string): Fate => ({
  outcome: { reason },
  why: `rejected as ${reason}: ${why}`,
})

const isoText = (ms: number): string => new Date(ms).toISOString()
