import type { Poll } from '../ingest/poll.ts'
import { totalLatency } from './percentiles.ts'
import type { Scoreboard } from './read-model.ts'
import { board } from './scoreboard.ts'

/** A poll with its result, which the closer wrote once and nobody writes again. */
export type FinalPoll = Poll & Required<Pick<Poll, 'closedAt' | 'finalAt' | 'result'>>

export const isFinal = (poll: Poll): poll is FinalPoll =>
  poll.closedAt !== undefined && poll.finalAt !== undefined && poll.result !== undefined

/** The scoreboard of a final poll: its result. From one reading to the next only `asOf` differs. */
export const finalScoreboard = (poll: FinalPoll, now: number): Scoreboard => {
  const { closedAt, finalAt, result } = poll
  const shards = poll.shards.length
  return {
    ...board(poll, result, now),
    votesPerSecond: 0,
    latency: totalLatency([{ latency: { acceptedToCounted: result.latency } }]),
    freshness: { newestArrival: result.newestArrival, behindMs: 0, shardsReporting: shards, shards },
    final: { closedAt, finalAt, proved: result.unproved.length === 0, unproved: result.unproved },
  }
}
