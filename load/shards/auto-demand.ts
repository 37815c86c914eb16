import type { Traffic } from '../../dashboard/read-model.ts'
import { withoutChance } from './chance.ts'
import { offeredLoad, type StreamReading } from './reading.ts'

/** What a stream is asked to take, by one reading; loads are in shards: 1 is what one shard takes. */
export type Demand = {
  /** Whether all shards tell theirs. If not, `load` and what is refused are the whole stream's, hot keys with them. */
  byShard: boolean
  /** Offered: taken and throttled. Of shards with a hot key, what they would have without it. */
  load: number
  /** Offered to the busiest shard that has no hot key. */
  hottest: number
  /** Both, less what chance may have made of them while they were measured. */
  surely: { load: number; hottest: number }
  /** Records refused per second by shards that have no hot key, and offered to them. */
  throttledPerSecond: number
  offeredPerSecond: number
  /** Shards of which one key makes most. */
  hotKeys: readonly string[]
  /** The means are over this time, epoch ms. */
  measuredFrom: number
  measuredAt: number
}

/**
 * The shards that carry a demand evenly, with headroom. Shards are not added for what chance may have made of it: what is
 * just enough for a load would look too few at every second look. Of few records chance makes much; it takes one off at most.
 */
export const neededShards = ({ load, surely }: Pick<Demand, 'load' | 'surely'>, headroom: number): number =>
  Math.max(1, Math.ceil(Math.max(surely.load * headroom, load * headroom - 1) - 1e-9))

/**
 * `null` when nothing fresh is known. Without metrics by shard, all are taken to be as busy as their ranges are wide.
 *
 * @param hotKeys shards that have one: more shards do not help them, so the others alone are judged
 */
export const demandOf = (reading: StreamReading, hotKeys: ReadonlySet<string>): Demand | null => {
  const { traffic, shards, measuredAt, measuredMs } = reading
  if (traffic === null) return null
  const told = shards.flatMap(({ id, rangeShare, traffic }) =>
    traffic === null ? [] : [{ id, rangeShare, ...loadOf(traffic, measuredMs) }],
  )
  const shared = {
    hotKeys: shards.map(({ id }) => id).filter((id) => hotKeys.has(id)),
    measuredFrom: measuredAt - measuredMs,
    measuredAt,
    byShard: told.length === shards.length,
  }
  if (!shared.byShard || shared.hotKeys.length === 0) {
    const all = loadOf(traffic, measuredMs)
    const loads = shared.byShard
      ? told
      : shards.map(({ rangeShare }) => ({ load: all.load * rangeShare, surely: all.surely * rangeShare }))
    return {
      ...shared,
      load: all.load,
      hottest: most(loads, ({ load }) => load),
      surely: { load: all.surely, hottest: most(loads, ({ surely }) => surely) },
      throttledPerSecond: all.throttledPerSecond,
      offeredPerSecond: all.offeredPerSecond,
    }
  }
  const others = told.filter(({ id }) => !hotKeys.has(id))
  const sum = (value: (each: (typeof others)[number]) => number): number =>
    others.reduce((total, each) => total + value(each), 0)
  const width = sum(({ rangeShare }) => rangeShare)
  const load = width === 0 ? 0 : sum(({ load }) => load) / width
  const offeredPerSecond = sum((each) => each.offeredPerSecond)
  return {
    ...shared,
    load,
    hottest: most(others, ({ load }) => load),
    surely: {
      load: withoutChance(load, (offeredPerSecond * measuredMs) / 1000),
      hottest: most(others, ({ surely }) => surely),
    },
    throttledPerSecond: sum(({ throttledPerSecond }) => throttledPerSecond),
    offeredPerSecond,
  }
}

/** What was offered in so many ms: the load, and the same less what chance explains. */
const loadOf = (traffic: Traffic, measuredMs: number) => {
  const { recordsPerSecond, throttledPerSecond } = traffic
  const offeredPerSecond = recordsPerSecond + throttledPerSecond
  const load = offeredLoad(traffic)
  const surely = withoutChance(load, (offeredPerSecond * measuredMs) / 1000)
  return { load, surely, throttledPerSecond, offeredPerSecond }
}

const most = <T>(items: readonly T[], value: (item: T) => number): number => Math.max(0, ...items.map(value))
