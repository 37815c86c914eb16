import { describe, expect, it } from 'vitest'
import { type Watching, watchStream } from '../../../../infra/cli/shards/watch-loop.ts'
import { lineScreen } from '../../../../infra/cli/shards/watch-screen.ts'
import { usualLimits } from '../../../../load/shards/auto.ts'
import type { Sample } from '../../../../load/shards/heat-finding.ts'
import type { ShardReading, StreamReading } from '../../../../load/shards/reading.ts'

const start = 1_790_000_000_000
const everyMs = 5_000

/** Even shards that take 1,000 records/s each and refuse what is offered beyond. */
const readingOf = (at: number, count: number, offered: number): StreamReading => {
  const each = offered / count
  const traffic = (shards: number) => ({
    recordsPerSecond: Math.min(1000, each) * shards,
    bytesPerSecond: Math.min(1000, each) * shards * 200,
    throttledPerSecond: Math.max(0, each - 1000) * shards,
  })
  const shards = Array.from(
    { length: count },
    (_, n): ShardReading => ({
      id: `s${n}`,
      range: { start: '0', end: '1' },
      rangeShare: 1 / count,
      votesPerSecond: 0,
      traffic: traffic(1),
      iteratorAgeMs: 0,
      history: [],
    }),
  )
  return {
    stream: 'votes',
    endpoint: undefined,
    at,
    status: 'ACTIVE',
    onDemand: false,
    shards,
    traffic: traffic(count),
    measuredMs: 3_000,
    measuredAt: at,
    shardMetrics: true,
  }
}

/** Watches so many readings of a stream, of 4 shards that are offered 8,000 records/s unless told otherwise. */
const watch = async (
  readings: number,
  changes: Partial<Watching> & {
    failsAt?: number
    interruptedAt?: number
    from?: number
    offered?: number
    sample?: Sample
  },
) => {
  const stop = new AbortController()
  const asked: number[] = []
  let [made, shards, output] = [0, changes.from ?? 4, '']
  const story = await watchStream({
    reader: {
      read: async () => {
        made += 1
        if (made === changes.interruptedAt) stop.abort()
        if (made === changes.failsAt) throw new Error('socket hang up')
        return readingOf(start + made * everyMs, shards, changes.offered ?? 8_000)
      },
      sample: async () => changes.sample ?? { records: 0, top: null },
    },
    screen: lineScreen({ write: (text) => (output += text) }),
    limitsFor: () => ({ ...usualLimits, min: changes.from ?? 4, max: 64 }),
    isDryRun: false,
    scaleTo: async (to) => {
      await changes.scaleTo?.(to)
      asked.push(to)
      shards = to
    },
    stopping: stop.signal,
    pause: async () => {
      if (made >= readings) stop.abort()
    },
    ...(changes.isDryRun ? { isDryRun: true } : {}),
  })
  return { story, asked, output }
}

const refusal = (name: string) => Object.assign(new Error('no more of this'), { name })

describe('a watch that scales a stream', () => {
  it('takes it to what is offered in legal steps, and sums up what it saw', async () => {
    const { story, asked, output } = await watch(10, {})
    expect(asked).toEqual([8, 10])
    expect(story).toEqual({
      from: start + everyMs,
      to: start + 10 * everyMs,
      shardsFrom: 4,
      shardsTo: 10,
      mostOffered: 8_000,
      mostThrottled: 4_000,
      steps: 2,
    })
    expect(output).toContain('Going from 4 to 8 shards: 4,000 of 8,000 records/s are throttled')
    expect(output).toContain('Going from 8 to 10 shards: ')
  })

  it('says once what it would do, and does nothing, in a dry run', async () => {
    const { asked, output } = await watch(10, { isDryRun: true })
    expect(asked).toEqual([])
    expect(output.match(/Would go from 4 to 8 shards/g)).toHaveLength(1)
  })

  it('stops asking for a while when AWS refuses a step for a limit, and says so once', async () => {
    let times = 0
    const { story, output } = await watch(10, {
      scaleTo: async () => {
        times += 1
        throw refusal('LimitExceededException')
      },
    })
    expect([times, story.steps]).toEqual([1, 0])
    expect(output).toContain('AWS did not take the step: no more of this')
    expect(output.match(/Holding: .*AWS refused the last step; it is asked again in 10 min/g)).toHaveLength(1)
  })

  it('asks again at the next reading when somebody else is changing the stream', async () => {
    let times = 0
    const { story } = await watch(10, {
      scaleTo: async () => {
        times += 1
        if (times === 1) throw refusal('ResourceInUseException')
      },
    })
    expect([times, story.steps]).toEqual([3, 2])
  })

  it.each([
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ValidationException',
    'InvalidArgumentException',
  ])('ends at %s, which asking again does not change', async (name) => {
    const scaleTo = async () => {
      throw refusal(name)
    }
    await expect(watch(10, { scaleTo })).rejects.toThrow('no more of this')
  })

  it.each(['InternalFailure', 'TimeoutError', 'ThrottlingException'])(
    'says %s and asks again at the next reading',
    async (name) => {
      let times = 0
      const { asked, output } = await watch(10, {
        scaleTo: async () => {
          times += 1
          if (times === 1) throw refusal(name)
        },
      })
      expect(asked).toEqual([8, 10])
      expect(output.match(/AWS did not take the step: no more of this/g)).toHaveLength(1)
    },
  )

  it('begins no step once Ctrl-C came, also during a reading', async () => {
    const { asked, output } = await watch(10, { interruptedAt: 2 })
    expect(asked).toEqual([])
    expect(output).not.toContain('Going from')
  })

  it('goes on after a reading that failed, but not without a first one', async () => {
    const { asked, output } = await watch(10, { failsAt: 3 })
    expect(asked).toEqual([8, 10])
    expect(output).toContain('The stream cannot be read, and is asked again: socket hang up')
    await expect(watch(10, { failsAt: 1 })).rejects.toThrow('socket hang up')
  })

  it.each<[what: string, offered: number, ofTen: number, asked: number[]]>([
    ['is not scaled for one key that fills it', 1_500, 9, []],
    ['is scaled for the others, where they would fill it too', 2_700, 5, [2, 4]],
    ['is scaled where the key has room in a shard of its own', 1_200, 6, [2]],
  ])('a single shard %s', async (_, offered, ofTen, asked) => {
    const sample = { records: 10, top: { key: 'celebrity', records: ofTen } }
    const seen = await watch(6, { from: 1, offered, sample })
    expect(seen.asked).toEqual(asked)
    expect(seen.output).toContain('"celebrity"')
  })
})
