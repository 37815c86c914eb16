import type { HashRange } from './hash-key.ts'
import { maxOrdinal, sequenceNumber } from './sequence-number.ts'
import { recordOf, type Shard, type ShardRecord } from './shard.ts'

/** What a split or a merge makes of a stream's shards. */
export type Reshard = {
  /** The parents, with what says that they have ended. */
  ends: ReadonlyMap<Shard, { endedAt: number; endingSequenceNumber: string }>
  children: ShardRecord[]
  /** All shards of the stream afterwards, as they are kept. */
  records: ShardRecord[]
}

/**
 * Plans to end one shard (a split) or two (a merge) for children with these hash ranges.
 *
 * @param endedAt epoch ms
 * @param boot the log's start whose numbers the parents' last records have
 */
export const planReshard = (
  shards: readonly Shard[],
  [parent, adjacent]: readonly [Shard, Shard?],
  ranges: readonly HashRange[],
  endedAt: number,
  boot: number,
): Reshard => {
  // The shard with the greatest index is always open: an ended one has children. So no index is ever given again.
  const firstIndex = 1 + Math.max(...shards.map(({ index }) => index))
  const lineage = adjacent ? { parent: parent.id, adjacentParent: adjacent.id } : { parent: parent.id }
  const children = ranges.map((range, at) => ({ index: firstIndex + at, range, ...lineage }))
  const ends = new Map(
    (adjacent ? [parent, adjacent] : [parent]).map((shard) => [
      shard,
      { endedAt, endingSequenceNumber: sequenceNumber(shard.prefix, boot, maxOrdinal) },
    ]),
  )
  const records = [...shards.map((shard) => ({ ...recordOf(shard), ...ends.get(shard) })), ...children]
  return { ends, children, records }
}
