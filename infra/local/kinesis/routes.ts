import { hashOfKey } from './hash-key.ts'
import { md5Start } from './md5-start.ts'
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
  const firstBits = starts.map((start) => Number.parseInt(start.slice(0, 8), 16))
  const to = (hash: string): Shard | undefined => shards[lastAtOrBefore(starts, hash)]
  return {
    shards,
    to,
    toKey: (partitionKey) => {
      const bits = md5Start(partitionKey)
      if (bits !== undefined) {
        const at = lastAtOrBefore(firstBits, bits)
        // Equal bits leave open on which side of the range's start the whole hash lies.
        if (firstBits[at] !== bits) return shards[at]
      }
      return to(hashOfKey(partitionKey))
    },
  }
}

/** Index of the greatest element that is not over `value`; `sorted` ascends and starts at or below it. */
const lastAtOrBefore = <Value extends string | number>(sorted: readonly Value[], value: Value): number => {
  let low = 0
  for (let high = sorted.length; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as Value) <= value) low = middle
    else high = middle
  }
  return low
}
