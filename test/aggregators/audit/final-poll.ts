import type { Head, Heads } from '../../../aggregators/archive-line.ts'
import { pollResult } from '../../../aggregators/close/poll-result.ts'
import { genesisHash, readPart } from '../../../aggregators/part.ts'
import { isAfter } from '../../../aggregators/sequence-number.ts'
import type { Poll, PollResult } from '../../../ingest/poll.ts'
import type { CountedShard } from './sealed.ts'

/** A poll as the closer leaves it. */
export type FinalPoll = Poll & { closedAt: number; finalAt: number; result: PollResult }

export const finalPoll = (poll: Poll, counted: ReadonlyMap<string, CountedShard>): FinalPoll => {
  const closedAt = poll.closedAt ?? poll.createdAt
  const ledgers = poll.shards.flatMap((shardId) => counted.get(shardId)?.ledger ?? [])
  return { ...poll, closedAt, finalAt: closedAt + 900, result: pollResult(poll, ledgers) }
}

/** The head of each shard of the set: at the part that holds its marker, and where it has none, at the last. */
export const headsAt = (
  poll: Poll,
  counted: ReadonlyMap<string, CountedShard>,
  markers: ReadonlyMap<string, string>,
): Heads =>
  Object.fromEntries(
    poll.shards.map((shardId): [string, Head] => {
      const { parts = [], head = { parts: 0, head: genesisHash } } = counted.get(shardId) ?? {}
      const marker = markers.get(shardId)
      const holds = parts.find((part) => marker !== undefined && !isAfter(marker, readPart(part).last))
      return [shardId, holds === undefined ? head : { parts: holds.number + 1, head: holds.hash }]
    }),
  )
