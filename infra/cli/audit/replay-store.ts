import type { PastWindow } from '../../../aggregators/audit/replay-windows.ts'
import { emptyLedger, type Ledger, recentWindows } from '../../../aggregators/ledger.ts'
import type { PartBody } from '../../../aggregators/part.ts'
import { addCounts, emptyTally, sum } from '../../../aggregators/tally.ts'
import type { ReadStore } from '../../../dashboard/read-store.ts'
import type { Poll } from '../../../ingest/poll.ts'

/** A poll as it is known today, and what it got, window by window, in the order of their ends. */
export type Past = { poll: Poll; windows: readonly PastWindow[] }

/**
 * The count store as it was at `now()`, epoch ms, with this one poll: what the read model needs to show the past as it
 * shows the present. It knows the windows that had ended by then, and once the poll is final all of them.
 */
export const pastStore = ({ poll, windows }: Past, now: () => number): ReadStore => {
  const shardIds = [...new Set(windows.flatMap(({ shards }) => [...shards.keys()]))].sort()
  const known = (): readonly PastWindow[] => windowsKnownAt({ poll, windows }, now())
  return {
    readPolls: async () => new Map([[poll.id, pollAt(poll, now())]]),
    readPoll: async (id) => (id === poll.id ? pollAt(poll, now()) : undefined),
    readLedgers: async (ids) => {
      const ended = known()
      return ids.flatMap((id) => ledgerOf(id, poll.id, ended) ?? [])
    },
    readShardIds: async () => shardIds,
    readParts: async function* ({ from, to = Number.POSITIVE_INFINITY }, order) {
      const inSpan = known()
        .flatMap((window, part) => (window.start >= from && window.start < to ? [{ window, part }] : []))
        .sort((left, right) => left.window.start - right.window.start)
      if (order === 'newest first') inSpan.reverse()
      for (const { window, part } of inSpan) yield partsOf(window, part, poll.id)
    },
    readShardStates: async () => new Map([...poll.shards, ...shardIds].map((id) => [id, { open: true }])),
    readIteratorAge: async () => 0,
  }
}

/** The definition as it stood: what was not written yet is absent. A `closesAt` that was moved is not kept. */
export const pollAt = ({ closedAt, finalAt, result, ...definition }: Poll, at: number): Poll => ({
  ...definition,
  ...(closedAt === undefined || closedAt > at ? {} : { closedAt }),
  ...(finalAt === undefined || finalAt > at || result === undefined ? {} : { finalAt, result }),
})

const windowsKnownAt = ({ poll: { finalAt }, windows }: Past, at: number): readonly PastWindow[] =>
  finalAt !== undefined && finalAt <= at ? windows : windows.filter(({ end }) => end <= at)

/** One shard's ledger, as far as windows tell; `undefined` before its first. */
const ledgerOf = (shardId: string, pollId: string, windows: readonly PastWindow[]): Ledger | undefined => {
  const total = emptyTally()
  const recent: Ledger['recent'] = []
  for (const { start, end, shards } of windows) {
    const tally = shards.get(shardId)
    if (tally === undefined) continue
    addCounts(total.counts, tally.counts)
    addCounts(total.rejected, tally.rejected)
    recent.unshift({ start, end, counted: { [pollId]: sum(tally.counts) } })
    recent.length = Math.min(recent.length, recentWindows)
  }
  const [newest] = recent
  if (newest === undefined) return undefined
  // Parts keep no arrivals; the last millisecond of its window is the latest that the newest vote can have arrived at.
  const lastArrival = newest.end - 1
  return {
    ...emptyLedger(shardId),
    lastArrival,
    entries: { [pollId]: { ...total, passed: false, lastArrival } },
    lifetime: { counted: sum(total.counts), rejected: total.rejected },
    recent,
  }
}

/** A window's tallies as the parts that the read model merges; `part` numbers the window. */
const partsOf = ({ start, end, shards }: PastWindow, part: number, pollId: string): PartBody[] =>
  [...shards].map(([shardId, tally]) => ({
    v: 1,
    shardId,
    part,
    window: { start, end },
    first: '',
    last: '',
    records: 0,
    runs: [],
    digest: '',
    polls: { [pollId]: tally },
    rejected: {},
  }))
