import type { Window } from '../aggregators/part.ts'

/** When a reading was made, and how far counting then was behind. */
export type Settled = {
  /** Epoch ms. */
  now: number
  /** Age of the oldest unread record, ms; `null` if unknown. */
  behindMs: number | null
  /** Length of the tumbling windows, ms. */
  windowMs: number
}

/** What a vote takes at most from its arrival to the ledger when nothing is behind: a poll of the shard and a put. */
const countingMs = 2000

/** How far behind counting may be where nobody can tell. */
const unknownBehindMs = 10_000

/** Everything that arrived before this moment is in the ledgers. */
export const settledUntil = ({ now, behindMs }: Settled): number =>
  now - (behindMs ?? unknownBehindMs) - countingMs

/** The newest window that is over and counted. Windows are aligned to the epoch. */
export const newestComplete = (settled: Settled): Window => {
  const end = Math.floor(settledUntil(settled) / settled.windowMs) * settled.windowMs
  return { start: end - settled.windowMs, end }
}
