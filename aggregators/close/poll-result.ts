import type { Poll, PollResult } from '../../ingest/poll.ts'
import { encodeLatency, mergeLatency } from '../latency.ts'
import type { Ledger } from '../ledger.ts'
import { addCounts, own, sum } from '../tally.ts'

/** A poll's result: the sum of its frozen entries. @param ledgers those of its shard set */
export const pollResult = ({ id, createdAt }: Poll, ledgers: readonly Ledger[]): PollResult => {
  const result: PollResult = {
    counts: {},
    rejected: {},
    shards: {},
    newestArrival: null,
    unproved: [],
    latency: encodeLatency(
      mergeLatency(
        ledgers.map(({ latency }) => latency),
        'acceptedToCounted',
      ),
    ),
  }
  for (const { shardId, entries, lostUntil } of ledgers) {
    const entry = own(entries, id)
    if (entry === undefined) continue
    addCounts(result.counts, entry.counts)
    addCounts(result.rejected, entry.rejected)
    result.shards[shardId] = { counted: sum(entry.counts), rejected: sum(entry.rejected) }
    if (entry.lastArrival !== null)
      result.newestArrival = Math.max(result.newestArrival ?? 0, entry.lastArrival)
    if (lostUntil !== undefined && lostUntil >= createdAt) result.unproved.push(shardId)
  }
  return result
}
