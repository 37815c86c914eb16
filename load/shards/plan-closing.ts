import { assumptions } from '../cost/assumptions.ts'

/**
 * From the last vote to the final scoreboard, ms, as far as it can be told beforehand: the waits that follow one another.
 * Round trips come on top, and on a laptop the turns of its cores. A prediction, never a measurement.
 */
export type ClosingTime = {
  /** The closer waits so long after `closesAt` (aggregators/close/close-polls.ts). */
  closerMs: number
  /** At most, until the mapping reads a shard with its marker. */
  readMs: number
  /** One invocation with what a shard got since the last one. */
  foldMs: number
  /** At most, until the closer looks again whether all shards have passed. */
  lookMs: number
  totalMs: number
}

const closerMs = 250
const lookMs = 50

/** Lambda's base rate on AWS; infra/local asks four times as often, and each of many shards more seldom. */
const readMs = {
  aws: () => 1_000,
  laptop: (shards: number) => 250 * Math.min(Math.max(1, shards / 12), 4),
} as const

/** For so many shards that take so many votes a second each, nothing being behind. */
export const closingTime = (
  where: keyof typeof readMs,
  shards: number,
  votesPerShardSecond: number,
): ClosingTime => {
  const { fixedMs, perVoteMs } = assumptions.aggregator
  const wait = readMs[where](shards)
  const foldMs = fixedMs + (votesPerShardSecond * wait * perVoteMs) / 1_000
  return { closerMs, readMs: wait, foldMs, lookMs, totalMs: closerMs + wait + foldMs + lookMs }
}
