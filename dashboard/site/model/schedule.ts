import type { PollStatus } from '../../../ingest/poll.ts'
import type { Finality, Scoreboard } from '../../read-model.ts'
import { countdownText, latencyText } from './figures.ts'

export const statusText: Record<PollStatus, string> = {
  scheduled: 'Scheduled',
  open: 'Open',
  closing: 'Closing',
  final: 'Final',
}

/**
 * What the poll's hours mean now, in one short sentence, or '' when there is nothing to say.
 *
 * @param serverNow the server's time, epoch ms, if known
 */
export const scheduleText = (
  { status, poll: { opensAt, closesAt }, final }: Pick<Scoreboard, 'status' | 'poll' | 'final'>,
  serverNow: number | undefined,
): string => {
  switch (status) {
    case 'scheduled':
      return serverNow === undefined ? 'Not open yet' : `Opens in ${countdownText(opensAt - serverNow)}`
    case 'open':
      return serverNow === undefined || closesAt === null
        ? ''
        : `Closes in ${countdownText(closesAt - serverNow)}`
    case 'closing':
      return 'Voting has ended; the last votes are being counted'
    case 'final':
      return final === undefined ? 'The result stands' : finalText(final)
  }
}

const finalText = ({ closedAt, finalAt, proved }: Finality): string =>
  `${proved ? 'Proved final' : 'Final, not proved,'} ${latencyText(Math.max(0, finalAt - closedAt))} after it closed`

/** The warning that a final result needs when votes may have been lost; '' when it needs none. */
export const unprovedText = (final: Finality | undefined): string =>
  final === undefined || final.proved
    ? ''
    : `Votes in ${final.unproved.join(', ')} may have expired before they were read. They are not in this result.`
