import type { PartBody, Window } from '../part.ts'
import { addCounts, emptyTally, own, type Tally } from '../tally.ts'

/** What a poll got in one window, by shard. Windows are the finest record of the past that parts keep. */
export type PastWindow = Window & { shards: Map<string, Tally> }

/** Adds up the parts of one poll as they are read; what it keeps grows with windows and shards, not with votes. */
export type PastWindows = {
  /** A part that was added before (an archive holds each at least once) changes nothing, nor does one without the poll. */
  add(part: PartBody): void
  /** Those so far, in the order of their ends. */
  all(): PastWindow[]
}

export const pastWindows = (pollId: string): PastWindows => {
  const windows = new Map<string, PastWindow>()
  const added = new Map<string, Set<number>>()

  const isNew = ({ shardId, part }: PartBody): boolean => {
    const parts = added.get(shardId) ?? new Set()
    added.set(shardId, parts)
    return parts.size < parts.add(part).size
  }

  return {
    add: (part) => {
      const presum = own(part.polls, pollId)
      if (presum === undefined || !isNew(part)) return
      const { start, end } = part.window
      const key = `${start}-${end}`
      const window = windows.get(key) ?? { start, end, shards: new Map<string, Tally>() }
      windows.set(key, window)
      const tally = window.shards.get(part.shardId) ?? emptyTally()
      window.shards.set(part.shardId, tally)
      addCounts(tally.counts, presum.counts)
      addCounts(tally.rejected, presum.rejected)
    },
    all: () => [...windows.values()].sort((left, right) => left.end - right.end),
  }
}

/**
 * The latest moment up to `at`, epoch ms, whose counts the windows that had ended by `at` give exactly: `at` itself,
 * or, where it lies within a window, that window's start.
 */
export const exactUntil = (windows: readonly Window[], at: number): number =>
  windows.reduce((exact, { start, end }) => (start < at && at < end ? Math.min(exact, start) : exact), at)
