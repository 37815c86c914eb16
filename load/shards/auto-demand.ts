import { offeredLoad, type StreamReading } from './reading.ts'

/** What a stream is asked to take, by one reading; loads are in shards: 1 is what one shard takes. */
export type Demand = {
  /** Whether all shards tell theirs. If not, `load` and what is refused are the whole stream's, hot keys with them. */
  byShard: boolean
  /** Offered: taken and throttled. Of shards with a hot key, what they would have without it. */
  load: number
  /** Offered to the busiest shard that has no hot key. */
  hottest: number
  /** Records refused per second by shards that have no hot key, and offered to them. */
  throttledPerSecond: number
  offeredPerSecond: number
  /** Shards of which one key makes most. */
  hotKeys: readonly string[]
  /** The means are over this time, epoch ms. */
  measuredFrom: number
  measuredAt: number
}

/** The shards that carry a demand evenly, with headroom. */
export const neededShards = ({ load }: Pick<Demand, 'load'>, headroom: number): number =>
  Math.max(1, Math.ceil(load * headroom - 1e-9))

/**
 * `null` when nothing fresh is known. Without metrics by shard, all are taken to be as busy as their ranges are wide.
 *
 * @param hotKeys shards that have one: more shards do not help them, so the others alone are judged
 */
export const demandOf = (reading: StreamReading, hotKeys: ReadonlySet<string>): Demand | null => {
  const { traffic, shards, measuredAt, measuredMs } = reading
  if (traffic === null) return null
  const told = shards.flatMap(({ id, rangeShare, traffic }) =>
    traffic === null ? [] : [{ id, rangeShare, traffic }],
  )
  const shared = {
    hotKeys: shards.map(({ id }) => id).filter((id) => hotKeys.has(id)),
    measuredFrom: measuredAt - measuredMs,
    measuredAt,
    byShard: told.length === shards.length,
  }
  if (!shared.byShard || shared.hotKeys.length === 0) {
    const load = offeredLoad(traffic)
    const loads = shared.byShard
      ? told.map(({ traffic }) => offeredLoad(traffic))
      : shards.map(({ rangeShare }) => load * rangeShare)
    return {
      ...shared,
      load,
      hottest: Math.max(0, ...loads),
      throttledPerSecond: traffic.throttledPerSecond,
      offeredPerSecond: traffic.recordsPerSecond + traffic.throttledPerSecond,
    }
  }
  const others = told.filter(({ id }) => !hotKeys.has(id))
  const sum = (value: (each: (typeof others)[number]) => number): number =>
    others.reduce((total, each) => total + value(each), 0)
  const width = sum(({ rangeShare }) => rangeShare)
  return {
    ...shared,
    load: width === 0 ? 0 : sum(({ traffic }) => offeredLoad(traffic)) / width,
    hottest: Math.max(0, ...others.map(({ traffic }) => offeredLoad(traffic))),
    throttledPerSecond: sum(({ traffic }) => traffic.throttledPerSecond),
    offeredPerSecond: sum(({ traffic }) => traffic.recordsPerSecond + traffic.throttledPerSecond),
  }
}
