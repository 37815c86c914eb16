import { type RejectionReason, rejectionReasons } from '../../ingest/rejection.ts'
import { type Tally, votesIn } from '../tally.ts'

/**
 * What an accepted request must come to, as its name says it: `option <id>` or `rejected <reason>`, with ` times <n>` for
 * a batch. `undefined` for any other name, of a read or of a request that is to be refused.
 */
export const tallyOfName = (name: string): Tally | undefined => {
  const [, kind, what = '', times = '1'] =
    /^(option|rejected) ([a-z0-9_-]+)(?: times (\d+))?$/.exec(name) ?? []
  const votes = Number(times)
  if (kind === 'option') return { options: { [what]: votes }, rejected: {} }
  if (kind === 'rejected' && isReason(what)) return { options: {}, rejected: { [what]: votes } }
  return undefined
}

const isReason = (text: string): text is RejectionReason =>
  (rejectionReasons as readonly string[]).includes(text)

/** Votes, well or badly cast, in a request of this name: one that is to be refused is a vote too, a read is none. */
export const votesCast = (name: string): number => {
  const tally = tallyOfName(name)
  if (tally !== undefined) return votesIn(tally)
  return /^(refused |slow client$)/.test(name) ? 1 : 0
}
