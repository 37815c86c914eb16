import { hashOfKey } from './hash-key.ts'
import type { Shard } from './shard.ts'

/** Which shard takes a record: `shards` are the open ones, which share all hash keys out among them. */
export type Routes = {
  shards: readonly Shard[]
  /** By hash key. */
  to(hash: string): Shard | undefined
  /** By the hash of a partition key. */
  toKey(partitionKey: string): Shard | undefined
}

export const routesOf = (open: readonly Shard[]): Routes => {
  const shards = open.toSorted((left, right) => (left.range.start < right.range.start ? -1 : 1))
  const starts = shards.map(({ range }) => range.start)
  const to = (hash: string): Shard | undefined => shards[lastAtOrBefore(starts, hash)]
  return { shards, to, toKey: (partitionKey) => to(hashOfKey(partitionKey)) }
}

/** Index of the greatest element that is not over `value`; `sorted` ascends and starts at or below it. */
const lastAtOrBefore = (sorted: readonly string[], value: string): number => {
  let low = 0
  for (let high = sorted.length; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') <= value) low = middle
    else high = middle
  }
  return low
}
