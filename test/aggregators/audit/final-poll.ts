import type { Head, Heads } from '../../../aggregators/archive-line.ts'
import { readPart } from '../../../aggregators/part.ts'
import { isAfter } from '../../../aggregators/sequence-number.ts'
import { addCounts, sum } from '../../../aggregators/tally.ts'
import type { Poll, PollResult } from '../../../ingest/poll.ts'
import type { CountedShard } from './sealed.ts'

/** A poll as the closer leaves it. */
export type FinalPoll = Poll & { closedAt: number; finalAt: number; result: PollResult }

/** The sum of a poll's entries in the shards of its set. */
export const finalPoll = (poll: Poll, counted: ReadonlyMap<string, CountedShard>): FinalPoll => {
  const result: PollResult = {
    counts: {},
    rejected: {},
    shards: {},
    newestArrival: null,
    unproved: [],
    latency: { histogram: '', clamped: 0 },
  }
  for (const shardId of poll.shards) {
    const entry = counted.get(shardId)?.ledger.entries[poll.id]
    addCounts(result.counts, entry?.counts ?? {})
    addCounts(result.rejected, entry?.rejected ?? {})
    result.shards[shardId] = { counted: sum(entry?.counts ?? {}), rejected: sum(entry?.rejected ?? {}) }
    if (entry?.lastArrival !== undefined && entry.lastArrival !== null)
      result.newestArrival = Math.max(result.newestArrival ?? 0, entry.lastArrival)
  }
  const closedAt = poll.closedAt ?? poll.createdAt
  return { ...poll, closedAt, finalAt: closedAt + 900, result }
}

/** The head of each shard of the set: at the part that holds its marker, and where it has none, at the last. */
export const headsAt = (
  poll: Poll,
  counted: ReadonlyMap<string, CountedShard>,
  markers: ReadonlyMap<string, string>,
): Heads =>
  Object.fromEntries(
    poll.shards.map((shardId): [string, Head] => {
      const { parts = [], head = { parts: 0, head: '0'.repeat(64) } } = counted.get(shardId) ?? {}
      const marker = markers.get(shardId)
      const holds = parts.find((part) => marker !== undefined && !isAfter(marker, readPart(part).last))
      return [shardId, holds === undefined ? head : { parts: holds.number + 1, head: holds.hash }]
    }),
  )
