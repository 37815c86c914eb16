import type { Count } from '../../load/count.ts'
import { type Tally, votesIn } from '../../load/tally.ts'

/** What Placar shows when a poll stands so and `unknownPoll` votes were for no poll; latencies all in one bucket. */
export const counted = (poll: Tally, unknownPoll = 0): Count => {
  const votes = votesIn(poll) + unknownPoll
  const latency = {
    count: votes,
    p50: 9,
    p90: 9,
    p99: 9,
    p999: 9,
    max: 9,
    clamped: 0,
    buckets: [{ upTo: 9, count: votes }],
  }
  const rejected = { ...poll.rejected, unknown_poll: unknownPoll }
  return {
    status: 'open',
    poll: { options: poll.options, rejected: poll.rejected, votes: votesIn(poll) },
    system: { rejected, votes },
    stats: {
      asOf: 0,
      counted: votes,
      rejected,
      latency: { acceptedToStored: latency, storedToCounted: latency, acceptedToCounted: latency },
      shards: [],
      shardLimit: null,
      throttledPerSecond: null,
      behindMs: 0,
    },
  }
}
