import type { Ledger } from '../aggregators/ledger.ts'
import type { PartBody, Window } from '../aggregators/part.ts'
import { addCounts, emptyTally, own } from '../aggregators/tally.ts'
import type { Poll } from '../ingest/poll.ts'
import type { WindowView } from './read-model.ts'
import { type Settled, settledUntil } from './settled.ts'

/**
 * A poll's windows, merged over shards and parts, oldest first. A window is complete when it is over, counted, and no
 * shard has an open part in it; and in any case once the poll is final.
 *
 * @param sealed parts from the table, in any order; one that is also still a ledger's `sealed` counts once
 * @param ledgers those of the poll's shard set
 */
export const windows = (
  { id, finalAt }: Pick<Poll, 'id' | 'finalAt'>,
  sealed: readonly PartBody[],
  ledgers: readonly Ledger[],
  settled: Settled,
): WindowView[] => {
  const parts = new Map(sealed.map((part) => [`${part.shardId}#${part.part}`, part]))
  for (const { sealed: pending } of ledgers) {
    if (pending === null) continue
    const part: PartBody = JSON.parse(pending.bytes)
    parts.set(`${part.shardId}#${part.part}`, part)
  }
  // The table may have been read after the ledgers: an open part that is sealed by then counts once.
  const open = ledgers.flatMap(({ open, shardId, parts: number }) =>
    open === null || parts.has(`${shardId}#${number}`) ? [] : open,
  )
  const views = new Map<number, WindowView>()
  for (const { window, polls } of [...parts.values(), ...open]) {
    const tally = own(polls, id)
    if (tally === undefined) continue
    const view = views.get(window.start) ?? emptyView(window, settled)
    views.set(window.start, view)
    addCounts(view.counts, tally.counts)
    addCounts(view.rejected, tally.rejected)
  }
  for (const { window } of open) {
    const view = views.get(window.start)
    if (view) view.complete = false
  }
  if (finalAt !== undefined) for (const view of views.values()) view.complete = true
  return [...views.values()].sort((left, right) => left.start - right.start)
}

const emptyView = ({ start, end }: Window, settled: Settled): WindowView => ({
  start,
  end,
  complete: end <= settledUntil(settled),
  ...emptyTally(),
})
