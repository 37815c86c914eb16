import type { HashRange } from './hash-key.ts'
import { maxOrdinal, sequenceNumber, sequencePrefix } from './sequence-number.ts'
import { isOpen, type ShardRecord, shardId } from './shard.ts'

/**
 * A stream's shards on paper, where splits and merges are made before they are made at all. A shard that is made and
 * ended by the same plan never takes a record; it is there for its name in the line of parents and children.
 */
export type ReshardPlan = {
  /** Ends an open shard (a split) or two adjacent ones (a merge); returns the children, which have these ranges. */
  replace(parents: readonly [ShardRecord, ShardRecord?], ranges: readonly HashRange[]): ShardRecord[]
  /** Those that have not ended, by their hash keys. */
  open(): ShardRecord[]
  /** What has come of it so far. */
  outcome(): Reshard
}

export type Reshard = {
  /** All shards afterwards, as they are kept. */
  shards: ShardRecord[]
  /** Those of them that are new. */
  children: ShardRecord[]
  /** The ending sequence numbers of all that have ended, new ones included, by index. */
  endings: ReadonlyMap<number, string>
}

/**
 * @param shards all that the stream has
 * @param stream when it was created (epoch ms), and the log's start whose numbers the last records of those to be ended have
 * @param endedAt epoch ms, for the shards that the plan ends
 */
export const planReshard = (
  shards: readonly ShardRecord[],
  stream: { createdAt: number; boot: number },
  endedAt: number,
): ReshardPlan => {
  const byIndex = new Map(shards.map((shard) => [shard.index, shard]))
  const endings = new Map<number, string>()
  // The shard with the greatest index is always open: an ended one has children. So no index is ever given again.
  const firstIndex = 1 + Math.max(...byIndex.keys())
  let nextIndex = firstIndex
  const end = ({ index }: ShardRecord): string => {
    const shard = byIndex.get(index)
    if (shard === undefined || !isOpen(shard)) throw new Error(`${shardId(index)} is not open`)
    const prefix = sequencePrefix(stream.createdAt, index)
    const endingSequenceNumber = sequenceNumber(prefix, stream.boot, maxOrdinal)
    byIndex.set(index, { ...shard, endedAt, endingSequenceNumber })
    endings.set(index, endingSequenceNumber)
    return shardId(index)
  }

  return {
    replace: ([parent, adjacent], ranges) => {
      const lineage = { parent: end(parent), ...(adjacent ? { adjacentParent: end(adjacent) } : {}) }
      return ranges.map((range) => {
        const child = { index: nextIndex++, range, ...lineage }
        byIndex.set(child.index, child)
        return child
      })
    },
    open: () =>
      [...byIndex.values()]
        .filter(isOpen)
        .sort((left, right) => (left.range.start < right.range.start ? -1 : 1)),
    outcome: () => {
      const all = [...byIndex.values()]
      return { shards: all, children: all.filter(({ index }) => index >= firstIndex), endings }
    },
  }
}
