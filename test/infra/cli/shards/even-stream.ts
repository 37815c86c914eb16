import type { ShardReading, StreamReading } from '../../../../load/shards/reading.ts'
import { dice } from '../../../../load/volley/dice.ts'

type Second = { taken: number; refused: number }

/** As the embedded endpoint has it. */
const meanSeconds = 3
const lookSeconds = 2

/**
 * A stream whose records have keys of their own: each shard gets its even part, give or take what chance makes of it, and
 * refuses what is over 1,000 in a second. A look comes every two seconds; new shards are there from the next one on.
 */
export const evenStream = (seed: number, shards: number) => {
  let rolls = 0
  const roll = (): number => (dice(seed, rolls++) + 1) / (2 ** 32 + 1)
  // Poisson's law, near enough for hundreds.
  const arrivals = (mean: number): number => {
    const deviations = Math.sqrt(-2 * Math.log(roll())) * Math.cos(2 * Math.PI * roll())
    return Math.max(0, Math.round(mean + deviations * Math.sqrt(mean)))
  }
  let at = 1_790_000_000_000
  const newShards = (count: number): Second[][] => Array.from({ length: count }, () => [])
  let open = newShards(shards)
  let whole: Second[] = []

  const pass = (recordsPerSecond: number): void => {
    at += 1_000
    const all = { taken: 0, refused: 0 }
    open = open.map((seconds) => {
      const offered = arrivals(recordsPerSecond / open.length)
      const taken = Math.min(1_000, offered)
      all.taken += taken
      all.refused += offered - taken
      return [...seconds.slice(1 - meanSeconds), { taken, refused: offered - taken }]
    })
    whole = [...whole.slice(1 - meanSeconds), all]
  }

  return {
    scaleTo: (count: number): void => {
      open = newShards(count)
    },
    /** What is seen when so much was offered since the look before. */
    look: (recordsPerSecond: number): StreamReading => {
      for (let second = 0; second < lookSeconds; second += 1) pass(recordsPerSecond)
      return {
        stream: 'votes',
        endpoint: undefined,
        at,
        status: 'ACTIVE',
        onDemand: false,
        shards: open.map((seconds, n) => shard(n, open.length, seconds)),
        traffic: traffic(whole),
        measuredMs: meanSeconds * 1_000,
        measuredAt: at,
        shardMetrics: true,
      }
    },
  }
}

const shard = (n: number, of: number, seconds: readonly Second[]): ShardReading => ({
  id: `s${n}`,
  range: { start: '0', end: '1' },
  rangeShare: 1 / of,
  votesPerSecond: 0,
  traffic: traffic(seconds),
  iteratorAgeMs: 0,
  history: [],
})

const traffic = (seconds: readonly Second[]) => {
  const mean = (value: (second: Second) => number): number =>
    seconds.reduce((sum, second) => sum + value(second), 0) / meanSeconds
  const recordsPerSecond = mean(({ taken }) => taken)
  return {
    recordsPerSecond,
    bytesPerSecond: recordsPerSecond * 200,
    throttledPerSecond: mean(({ refused }) => refused),
  }
}
