import { describe, expect, it } from 'vitest'
import { maxHashKey } from '../../../../infra/local/kinesis/hash-key.ts'
import { shardId } from '../../../../infra/local/kinesis/shard.ts'
import { until } from '../until.ts'
import { count, dataOf, openMapping } from './open-mapping.ts'

const middle = String(2n ** 127n)
const quarter = String(2n ** 126n)
const low = '0'
const high = String(maxHashKey)
const [root, lower, upper, merged] = [0, 1, 2, 3].map(shardId) as [string, string, string, string]

/** What was delivered, one text per invocation: `a,b@0`, or `final@0`. */
const story = ({ events }: Awaited<ReturnType<typeof openMapping>>): string[] =>
  events.map((event) => {
    const what = event.isFinalInvokeForWindow ? 'final' : dataOf(event).join(',')
    return `${what}@${Number(event.shardId.slice(-12))}`
  })

describe('a split', () => {
  it('closes the window of the ended shard, and its children are read from their start, with no state', async () => {
    const opened = await openMapping(count)
    await opened.put('a')
    await until(() => opened.events.length === 1)
    await opened.stream().split(root, middle)
    await opened.put('b', low)
    await opened.put('c', high)
    await until(() => opened.events.length === 4)
    expect(story(opened).slice(0, 2)).toEqual(['a@0', 'final@0'])
    expect(story(opened).slice(2).sort()).toEqual(['b@1', 'c@2'])
    expect(opened.events.map(({ state }) => state)).toEqual([{}, { n: 1 }, {}, {}])
    // The window was not over: the clock stands still.
    expect(new Set(opened.events.map(({ window }) => window.start)).size).toBe(1)
  })

  it('of a shard without records causes no invocation for it', async () => {
    const opened = await openMapping(count)
    await opened.stream().split(root, middle)
    await opened.put('a', high)
    await until(() => opened.events.length > 0)
    expect(story(opened)).toEqual(['a@2'])
  })

  it('leaves the children unread until the parent is read to its end and its window closed', async () => {
    let held = true
    let failures = 2
    const opened = await openMapping(
      async (event, call) => {
        await until(() => !held)
        if (event.isFinalInvokeForWindow && failures-- > 0) throw new Error('no table')
        return count(event, call)
      },
      { BatchSize: 1 },
    )
    await opened.put('a')
    await opened.put('b')
    await opened.stream().split(root, middle)
    await opened.put('c', low)
    held = false
    await until(() => opened.events.length === 6)
    expect(story(opened)).toEqual(['a@0', 'b@0', 'final@0', 'final@0', 'final@0', 'c@1'])
  })

  it('is followed again and again, every record once, each shard after its parents', async () => {
    const opened = await openMapping(count)
    const stream = opened.stream()
    const sent: string[] = []
    let flowing = true
    const flow = (async () => {
      for (let at = 0; flowing; at += 1) {
        sent.push(String(at))
        opened.clock.now += 300
        await opened.put(String(at)) // its key's hash spreads them
      }
    })()
    const grown = async (): Promise<void> => {
      const seen = opened.events.length
      await until(() => opened.events.length > seen + 3)
    }
    await grown()
    await stream.split(root, middle)
    await grown()
    await stream.split(lower, quarter) // 3 and 4
    await stream.merge(shardId(4), upper) // 5, of one that may not have been read yet
    await grown()
    await stream.merge(shardId(3), shardId(5)) // 6
    await grown()
    flowing = false
    await flow
    await until(() => opened.events.flatMap(dataOf).length >= sent.length)

    expect(opened.events.flatMap(dataOf).sort()).toEqual(sent.toSorted())
    const first = (id: string) => opened.events.findIndex((event) => event.shardId === id)
    const last = (id: string) => opened.events.findLastIndex((event) => event.shardId === id)
    for (const { id, parent, adjacentParent, endedAt } of stream.shards) {
      for (const before of [parent, adjacentParent])
        if (before !== undefined && first(id) >= 0) expect(last(before)).toBeLessThan(first(id))
      if (endedAt !== undefined && last(id) >= 0)
        expect(opened.events[last(id)]).toMatchObject({ isFinalInvokeForWindow: true, Records: [] })
    }
  })
})

describe('a merge', () => {
  it('is read when both parents have been read to their ends', async () => {
    let held = false
    const opened = await openMapping(async (event, call) => {
      if (event.shardId === upper) await until(() => !held)
      return count(event, call)
    })
    await opened.stream().split(root, middle)
    held = true
    await opened.put('a', low)
    await opened.put('b', high)
    await until(() => opened.events.length === 2)
    await opened.stream().merge(lower, upper)
    await opened.put('c')
    await until(() => story(opened).includes('final@1'))
    held = false
    await until(() => opened.events.length === 5)
    expect(story(opened).slice(0, 2).sort()).toEqual(['a@1', 'b@2'])
    expect(story(opened).slice(2)).toEqual(['final@1', 'final@2', 'c@3'])
  })
})

describe('what the mapping tells', () => {
  it('counts the records of a child that is not read yet into the age', async () => {
    let failing = true
    const opened = await openMapping((event, call) => {
      if (event.isFinalInvokeForWindow && failing) throw new Error('no table')
      return count(event, call)
    })
    await opened.put('a')
    await until(async () => (await opened.age()) === 0)
    await opened.stream().split(root, middle)
    await opened.put('b', high)
    opened.clock.now += 700
    expect(await opened.age()).toBe(700)
    failing = false
    await until(async () => (await opened.age()) === 0)
  })

  it('is that it does not run when a child fails again and again', async () => {
    const opened = await openMapping((event, call) => {
      if (event.shardId === upper) throw new Error('no table')
      return count(event, call)
    })
    await opened.stream().split(root, middle)
    await opened.put('a', low)
    await until(() => opened.events.length === 1)
    expect(opened.mapping().running()).toBe(true)
    await opened.put('b', high)
    await until(() => !opened.mapping().running())
  })
})

describe('a restart', () => {
  it('before the parent is read to its end goes on with the parent', async () => {
    let failing = false
    const opened = await openMapping((event, call) => {
      if (failing) throw new Error('no table')
      return count(event, call)
    })
    await opened.put('a')
    await until(() => opened.events.length === 1)
    failing = true
    await opened.put('b')
    await opened.stream().split(root, middle)
    await opened.put('c', low)
    await until(() => story(opened).includes('b@0'))
    await opened.restart()
    failing = false
    await until(() => story(opened).includes('c@1'))
    const [first, ...rest] = story(opened)
    expect(first).toBe('a@0')
    expect(rest.filter((told) => told !== 'b@0')).toEqual(['final@0', 'c@1'])
  })

  it('after the parent was read goes on with the children, each where it was', async () => {
    const opened = await openMapping(count)
    await opened.put('a')
    await opened.stream().split(root, middle)
    await opened.put('b', low)
    await until(() => story(opened).includes('b@1'))
    await opened.restart()
    await opened.put('c', low)
    await opened.put('d', high)
    await until(() => opened.events.length === 5)
    expect(story(opened).slice(0, 3)).toEqual(['a@0', 'final@0', 'b@1'])
    expect(story(opened).slice(3).sort()).toEqual(['c@1', 'd@2'])
  })

  it('finds a reshard that was made while nothing was read', async () => {
    const opened = await openMapping(count)
    await opened.put('a')
    await until(() => opened.events.length === 1)
    await opened.mapping().close()
    await opened.stream().split(root, middle)
    await opened.stream().merge(lower, upper)
    await opened.put('b')
    await opened.restart()
    await until(() => opened.events.length === 2)
    expect(story(opened)).toEqual(['a@0', 'b@3'])
  })
})

describe('a shard whose records have expired', () => {
  const dayMs = 24 * 3_600_000

  it('is not waited for, though it was not read to its end', async () => {
    const opened = await openMapping((event, call) => {
      if (dataOf(event).includes('b')) throw new Error('no table')
      return count(event, call)
    })
    await opened.put('a')
    await until(() => opened.events.length === 1)
    await opened.put('b')
    await opened.stream().split(root, middle)
    await until(() => story(opened).includes('b@0'))
    opened.clock.now += dayMs + 1
    await opened.put('c', low)
    await opened.kinesis().trim()
    await until(() => story(opened).includes('c@1'))
    expect(story(opened).filter((told) => told !== 'b@0')).toEqual(['a@0', 'final@0', 'c@1'])
  })

  it('has no checkpoint any more', async () => {
    const opened = await openMapping(count)
    await opened.put('a')
    await opened.stream().split(root, middle)
    await opened.put('b', low)
    await until(() => story(opened).includes('b@1'))
    await opened.restart()
    expect((await opened.storedShards()).sort()).toEqual([root, lower])
    opened.clock.now += dayMs + 1
    await opened.kinesis().trim()
    await opened.restart()
    await opened.restart() // what the one before has dropped is stored
    expect(await opened.storedShards()).toEqual([lower])
  })

  it('among the ended ones is left behind with the next reshard too', async () => {
    const opened = await openMapping(count)
    await opened.put('a')
    await opened.stream().split(root, middle)
    await until(() => story(opened).includes('final@0'))
    opened.clock.now += dayMs + 1
    await opened.kinesis().trim()
    await opened.put('b', low)
    await opened.stream().merge(lower, upper)
    await opened.put('c')
    await until(() => story(opened).includes('c@3'))
    await opened.restart()
    expect((await opened.storedShards()).sort()).toEqual([lower, merged])
  })
})
