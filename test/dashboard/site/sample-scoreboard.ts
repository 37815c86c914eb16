import fc from 'fast-check'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { pollStatuses } from '../../../ingest/poll.ts'
import { type Rejections, rejectionReasons } from '../../../ingest/rejection.ts'

/** A consistent scoreboard: shares, total and version follow from votes, rejections and status. */
export const sampleScoreboard = (
  votes: readonly number[] = [2, 1],
  { rejected = {}, status = 'open', ...changes }: Partial<Scoreboard> = {},
): Scoreboard => {
  const counted = votes.reduce((sum, count) => sum + count, 0)
  const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
  const options = votes.map((count, i) => ({
    id: `option-${i}`,
    label: `Option ${i}`,
    votes: count,
    share: counted === 0 ? 0 : Math.round((count / counted) * 10_000) / 10_000,
  }))
  return {
    poll: {
      id: 'final',
      title: 'Final',
      opensAt: 1_000,
      closesAt: null,
      options: options.map(({ id, label }) => ({ id, label })),
    },
    status,
    asOf: 1_790_000_000_000,
    version: 4 * (counted + refused) + pollStatuses.indexOf(status),
    counted,
    rejected,
    options,
    votesPerSecond: 0,
    latency: { count: counted, p50: 1, p90: 1, p99: 1, p999: 1, max: 1 },
    freshness: { newestArrival: null, behindMs: 0, shardsReporting: 1, shards: 1 },
    ...changes,
  }
}

/** Scoreboards of one poll with three options, not necessarily one after the other. */
export const scoreboards: fc.Arbitrary<Scoreboard> = fc
  .record({
    votes: fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)),
    rejected: fc.dictionary(fc.constantFrom(...rejectionReasons), fc.integer({ min: 1, max: 3 })),
    status: fc.constantFrom(...pollStatuses),
  })
  .map(({ votes, rejected, status }) => sampleScoreboard(votes, { rejected: rejected as Rejections, status }))
