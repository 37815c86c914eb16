import type { PartBody } from '../../aggregators/part.ts'
import type { ReadStore } from '../../dashboard/read-store.ts'
import type { Poll } from '../../ingest/poll.ts'

export type StoredRead = {
  polls: Poll[]
  parts: PartBody[]
  ledgers?: Awaited<ReturnType<ReadStore['readLedgers']>>
  pageLength?: number
}

/** A read store over plain data; `readParts` pages and orders as the table's index does, and counts its pages. */
export const memoryReadStore = ({ polls, parts, ledgers = [], pageLength = 2 }: StoredRead) => {
  const read = { pages: 0 }
  const store: ReadStore = {
    readPolls: async () => new Map(polls.map((poll) => [poll.id, poll])),
    readPoll: async (id) => polls.find((poll) => poll.id === id),
    readLedgers: async (ids) => ledgers.filter(({ shardId }) => ids.includes(shardId)),
    readShardIds: async () => ledgers.map(({ shardId }) => shardId),
    readParts: async function* ({ from, to = Number.POSITIVE_INFINITY }, order) {
      const sign = order === 'oldest first' ? 1 : -1
      const inSpan = parts
        .filter(({ window }) => window.start >= from && window.start < to)
        .toSorted((left, right) => sign * (left.window.start - right.window.start))
      for (let at = 0; at < inSpan.length; at += pageLength) {
        read.pages += 1
        yield inSpan.slice(at, at + pageLength)
      }
    },
    readShardStates: async () => new Map(),
    readIteratorAge: async () => 0,
  }
  return { store, read }
}

/** A sealed part of the window that starts at `start`, with `votes` for `ana`. */
export const aPart = (start: number, windowMs: number, votes = 1, poll = 'final'): PartBody => ({
  v: 1,
  shardId: 's1',
  part: start / windowMs,
  window: { start, end: start + windowMs },
  first: '1',
  last: '1',
  records: votes,
  runs: [],
  digest: '',
  polls: { [poll]: { counts: { ana: votes }, rejected: {} } },
  rejected: {},
})
