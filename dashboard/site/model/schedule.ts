import type { PollStatus } from '../../../ingest/poll.ts'
import { countdownText } from './figures.ts'

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
  status: PollStatus,
  opensAt: number,
  closesAt: number | null,
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
      return 'The result stands'
  }
}
