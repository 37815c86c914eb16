import { type Ledger, recentWindows } from '../aggregators/ledger.ts'
import type { Window } from '../aggregators/part.ts'
import { addCounts, emptyTally, increase, own, sum, type Tally } from '../aggregators/tally.ts'
import { type Poll, pollStatus, pollStatuses } from '../ingest/poll.ts'
import { totalLatency } from './percentiles.ts'
import type { Scoreboard } from './read-model.ts'
import { newestComplete, type Settled } from './settled.ts'

/**
 * A poll's scoreboard (design, section 7) from the ledgers of its shard set.
 *
 * @param ledgers those there are; a shard that joined the set and has not put its ledger yet counts as nothing
 */
export const scoreboard = (poll: Poll, ledgers: readonly Ledger[], settled: Settled): Scoreboard => {
  const { now, behindMs } = settled
  const entries = ledgers.flatMap(({ entries }) => own(entries, poll.id) ?? [])
  const total = emptyTally()
  for (const { counts, rejected } of entries) {
    addCounts(total.counts, counts)
    addCounts(total.rejected, rejected)
  }
  return {
    ...board(poll, total, now),
    votesPerSecond: votesPerSecond(poll.id, ledgers, settled),
    latency: totalLatency(ledgers),
    freshness: {
      newestArrival: newest(entries.map(({ lastArrival }) => lastArrival)),
      behindMs,
      shardsReporting: entries.length,
      shards: poll.shards.length,
    },
  }
}

/** What of a scoreboard follows from the poll's sums alone. */
export const board = (
  poll: Poll,
  { counts, rejected }: Tally,
  now: number,
): Omit<Scoreboard, 'votesPerSecond' | 'latency' | 'freshness' | 'final'> => {
  const { id, title, opensAt, closesAt, options } = poll
  const status = pollStatus(poll, now)
  const counted = sum(counts)
  return {
    poll: { id, title, opensAt, closesAt, options },
    status,
    asOf: now,
    version: 4 * (counted + sum(rejected)) + pollStatuses.indexOf(status),
    counted,
    rejected,
    options: options.map((option) => {
      const votes = own(counts, option.id) ?? 0
      return { ...option, votes, share: counted === 0 ? 0 : rounded(votes / counted, 4) }
    }),
  }
}

/** A poll's votes per second in the newest complete window, over the given ledgers; where one has forgotten it, see `countedIn`. */
export const votesPerSecond = (pollId: string, ledgers: readonly Ledger[], settled: Settled): number => {
  const window = newestComplete(settled)
  const votes = ledgers.reduce((total, ledger) => total + (own(countedIn(window, ledger), pollId) ?? 0), 0)
  return perSecond(votes, window)
}

/**
 * Votes counted per poll in a window, in the part of it that is sealed and the part that is open. A shard so far ahead
 * of the others that it has forgotten that window gives the oldest that it knows, the nearest to it, rather than none.
 */
export const countedIn = (window: Window, { recent, open }: Ledger): Record<string, number> => {
  // Windows without a record are not kept, so nothing is forgotten before there are as many as are kept.
  const oldest = recent.length < recentWindows ? undefined : recent.at(-1)
  const end = Math.max(window.end, oldest?.end ?? 0)
  const counted = { ...recent.find((window) => window.end === end)?.counted }
  if (open?.window.end === end)
    for (const [poll, { counts }] of Object.entries(open.polls)) increase(counted, poll, sum(counts))
  return counted
}

/** To one decimal. */
export const perSecond = (votes: number, { start, end }: Window): number =>
  rounded((votes * 1000) / (end - start), 1)

export const newest = (arrivals: readonly (number | null)[]): number | null =>
  arrivals.reduce(
    (latest, arrival) => (arrival === null ? latest : Math.max(latest ?? arrival, arrival)),
    null,
  )

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
