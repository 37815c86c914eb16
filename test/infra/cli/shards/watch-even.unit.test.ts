import { describe, expect, it } from 'vitest'
import { watchStream } from '../../../../infra/cli/shards/watch-loop.ts'
import { shardsFor } from '../../../../load/cost/stream.ts'
import { usualLimits } from '../../../../load/shards/auto.ts'
import { shardSteps } from '../../../../load/shards/steps.ts'
import { evenStream } from './even-stream.ts'

/** Two seconds each, 33 minutes: long enough for two steps down. */
const looks = 1_000

/** The shards that `plan` says. */
const planned = (recordsPerSecond: number): number => shardsFor({ recordsPerSecond, recordBytes: 220 })

/** The counts that `watch --auto` takes a stream to under even traffic, as many records/s at each look as it is told. */
const follow = async (seed: number, shards: number, offeredAt: (look: number) => number) => {
  const stream = evenStream(seed, shards)
  const stop = new AbortController()
  const taken: number[] = []
  let look = 0
  await watchStream({
    reader: {
      read: async () => stream.look(offeredAt(look++)),
      sample: async () => ({ failed: 'no key is hot here' }),
    },
    screen: { show: () => {}, say: () => {} },
    limitsFor: () => ({ ...usualLimits, min: 1, max: 64 }),
    isDryRun: false,
    scaleTo: async (to) => {
      stream.scaleTo(to)
      taken.push(to)
    },
    stopping: stop.signal,
    pause: async () => {
      if (look >= looks) stop.abort()
    },
  })
  return taken
}

describe('a stream under even traffic, whose shards chance alone makes uneven', () => {
  it.each<[recordsPerSecond: number, from: number]>([
    [8_000, 4],
    [8_000, 10],
    [8_000, 40],
    [20_000, 25],
    [40_000, 50],
    [800, 1],
    [1_600, 2],
  ])(
    'comes to what is planned for %i records/s from %i shards in the fewest steps, and stays',
    async (rate, from) => {
      for (const seed of [1, 2, 3])
        expect({ seed, taken: await follow(seed, from, () => rate) }).toEqual({
          seed,
          taken: shardSteps(from, planned(rate)),
        })
    },
  )

  it.each<[recordsPerSecond: number, from: number]>([
    [800, 1],
    [8_000, 10],
    [20_000, 25],
    [40_000, 50],
  ])('is followed when %i records/s on %i shards grow by a fifth', async (rate, from) => {
    for (const seed of [1, 2, 3]) {
      const taken = await follow(seed, from, (look) => (look < 60 ? rate : rate * 1.2))
      expect({ seed, taken }).toEqual({ seed, taken: [planned(rate * 1.2)] })
    }
  })
})
