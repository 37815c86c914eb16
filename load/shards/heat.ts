import { beyondChance } from './chance.ts'
import { offeredLoad, type ShardReading, type StreamReading } from './reading.ts'

/**
 * A shard that gets far more than its fair share. How many times over, `trafficShare ÷ fairShare`, is a product of two
 * causes: how much wider its range is than that of a fair shard, and how much denser the traffic is in it. A wide range
 * is mended by a split; dense traffic is most often one partition key, and every record of a key goes to one shard.
 */
export type Heat = {
  shardId: string
  /** Of the traffic offered to the stream, of all hash keys, and one of so many shards; 0–1. */
  trafficShare: number
  rangeShare: number
  fairShare: number
  /** `trafficShare ÷ rangeShare`: 1 where traffic is spread evenly over the hash keys. */
  density: number
  /** What is offered to it, 1 being a shard's limit. */
  load: number
  wide: boolean
  /** Of a single shard: perhaps, since there is no other to compare it with. */
  dense: boolean
}

/** Under this load there is nothing to mend, and so few records that chance alone makes them uneven. */
const leastLoad = 0.1
/** Times the fair share from which a shard is hot. */
const hotFrom = 1.4
/** Near its limit while the others are at less than half of that, a shard is hot as well. */
const nearLimit = 0.8
/** Times as wide, or as dense, as is fair, from which that is a cause. */
const causeFrom = 1.2

/** The hot shards, hottest first. Traffic is told by the stream's metrics, or by the counted votes where there are none. */
export const findHeat = ({ shards, measuredMs }: Pick<StreamReading, 'shards' | 'measuredMs'>): Heat[] => {
  const loads = loadsOf(shards)
  const total = sum(loads)
  if (total === 0) return []
  if (shards.length === 1) return total < nearLimit ? [] : shards.map(({ id }) => single(id, total))
  const records = (sum(shards.map(recordsPerSecond)) * measuredMs) / 1000
  const fairShare = 1 / shards.length
  return shards
    .flatMap(({ id, rangeShare }, at) => {
      const load = loads[at] ?? 0
      const trafficShare = load / total
      if (!isHot(load, trafficShare / fairShare, loads.toSpliced(at, 1))) return []
      const width = rangeShare / fairShare
      const density = trafficShare / rangeShare
      const deviation = Math.sqrt(records * rangeShare)
      const byChance = (trafficShare - rangeShare) * records < beyondChance * deviation
      const wide = width >= causeFrom || width > density
      const dense = !byChance && (density >= causeFrom || density >= width)
      if (!wide && !dense) return []
      return [{ shardId: id, trafficShare, rangeShare, fairShare, density, load, wide, dense }]
    })
    .sort((left, right) => right.load - left.load)
}

const single = (shardId: string, load: number): Heat => ({
  shardId,
  ...{ trafficShare: 1, rangeShare: 1, fairShare: 1, density: 1, wide: false, dense: true },
  load,
})

const isHot = (load: number, timesFair: number, others: readonly number[]): boolean =>
  load >= leastLoad && (timesFair >= hotFrom || (load >= nearLimit && median(others) < load / 2))

const loadsOf = (shards: readonly ShardReading[]): number[] => {
  const known = shards.flatMap(({ traffic }) => traffic ?? [])
  return known.length === shards.length
    ? known.map(offeredLoad)
    : // A vote each: of batches less, so that heat is seen late rather than where there is none.
      shards.map(({ votesPerSecond }) => votesPerSecond / 1000)
}

/** Offered ones, or the votes, of which a record holds at least one. */
const recordsPerSecond = ({ traffic, votesPerSecond }: ShardReading): number =>
  traffic === null ? votesPerSecond : traffic.recordsPerSecond + traffic.throttledPerSecond

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0
