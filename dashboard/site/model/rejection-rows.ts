import { type RejectionReason, type Rejections, rejectionReasons } from '../../../ingest/rejection.ts'
import { countText } from './figures.ts'

const meaning: Record<RejectionReason, string> = {
  malformed: 'unreadable',
  unsupported_version: 'in an unknown format',
  unknown_poll: 'for a poll that does not exist',
  closed: 'after the poll closed',
  unknown_option: 'for an option the poll does not have',
  not_open_yet: 'before the poll opened',
}

export type RejectionRow = {
  reason: RejectionReason
  meaning: string
  hereText: string
  everywhereText: string
}

/**
 * A row per reason that occurred, in the order in which the rules are asked; and a total of both columns.
 *
 * @param here of the poll shown
 * @param everywhere of the whole system, `undefined` until it is known; it is read less often than `here`, so it can lag
 */
export const rejectionRows = (here: Rejections, everywhere: Rejections | undefined): RejectionRow[] =>
  rejectionReasons
    .filter((reason) => (here[reason] ?? 0) > 0 || (everywhere?.[reason] ?? 0) > 0)
    .map((reason) => ({
      reason,
      meaning: meaning[reason],
      hereText: countText(here[reason] ?? 0),
      everywhereText:
        everywhere === undefined ? '–' : countText(Math.max(everywhere[reason] ?? 0, here[reason] ?? 0)),
    }))
