import { evenRanges, type HashRange, joinRanges, rangesFrom, splitRange } from './hash-key.ts'
import type { ReshardPlan } from './reshard.ts'
import type { ShardRecord } from './shard.ts'

/**
 * Plans the splits and merges after which `count` open shards share the hash keys out evenly. Every shard is cut where
 * one of the new ranges begins within it, and what lies within one range is then merged, so that a shard that has one
 * of the ranges already stays as it is.
 */
export const planUniformScaling = (plan: ReshardPlan, count: number): void => {
  const ranges = uniformRanges(plan.open(), count)
  for (const shard of plan.open()) cutWhereRangesBegin(plan, shard, ranges)
  const pieces = plan.open()
  let next = 0
  for (const { end } of ranges) {
    const first = next
    while (next < pieces.length && (pieces[next] as ShardRecord).range.end <= end) next += 1
    mergeAll(plan, pieces.slice(first, next))
  }
}

/**
 * Even ranges, except that one begins where a shard does already when the two are the same but for the lower 64 of 128
 * bits: the third of six shards begins a key before the second of three, for the remainder of the division, and
 * doubling would else cut off shards of one key.
 */
export const uniformRanges = (open: readonly ShardRecord[], count: number): HashRange[] => {
  const existing = new Map<bigint, bigint>()
  // Backwards, so that of two that are so near to each other the lower one counts: the first range must begin at 0.
  for (const { range } of open.toReversed()) existing.set(upperBits(range.start), BigInt(`0x${range.start}`))
  return rangesFrom(
    evenRanges(count).map(({ start }) => existing.get(upperBits(start)) ?? BigInt(`0x${start}`)),
  )
}

/** Rounded, not cut off: half of all hash keys lie below 2^127, and begin a key or two off it. */
const upperBits = (hash: string): bigint => (BigInt(`0x${hash}`) + 2n ** 63n) >> 64n

const cutWhereRangesBegin = (plan: ReshardPlan, shard: ShardRecord, ranges: readonly HashRange[]): void => {
  let rest: ShardRecord | undefined = shard
  for (const { start } of ranges)
    if (rest && rest.range.start < start && start <= rest.range.end)
      rest = plan.replace([rest], splitRange(rest.range, start))[1]
}

const mergeAll = (plan: ReshardPlan, [first, ...others]: readonly ShardRecord[]): void => {
  let merged = first
  for (const other of others)
    if (merged) merged = plan.replace([merged, other], [joinRanges(merged.range, other.range)])[0]
}
