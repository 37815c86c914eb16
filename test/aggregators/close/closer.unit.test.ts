import { describe, expect, it } from 'vitest'
import { aggregate } from '../../../aggregators/aggregate.ts'
import { noteCaughtUp } from '../../../aggregators/close/caught-up.ts'
import { closePolls, reportOf } from '../../../aggregators/close/close-polls.ts'
import { closer } from '../../../aggregators/close/closer.ts'
import { emptyLedger, type Ledger } from '../../../aggregators/ledger.ts'
import { pollCache } from '../../../aggregators/poll-cache.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll, sequenceAt, vote } from '../arrivals.ts'
import { memoryCountStore } from '../memory-count-store.ts'
import { type MemoryVoteStream, memoryVoteStream } from './memory-vote-stream.ts'

const hour = 3_600_000

/** A world whose clock is set by hand. Retention is 24 hours. */
const aWorld = (polls = [aPoll({ createdAt: 0, opensAt: 0 })], shardIds = ['a', 'b']) => {
  const world = { now: 1000, steady: 0 }
  const store = memoryCountStore(polls, () => world.now)
  const stream = memoryVoteStream(shardIds, 24 * hour, () => world.now)
  const closing = closer({ store, stream, steadyNow: () => world.steady })
  /** Rounds until there is nothing left to do, at most so many. */
  const run = (rounds = 1) => {
    let left = rounds
    const hasTime = (): boolean => {
      left -= 1
      return left > 0
    }
    const steadyNow = (): number => world.steady
    const closed = closePolls({ closer: closing, store, steadyNow, sleep: async () => {}, hasTime })
    return closed.then(reportOf)
  }
  const settled = new Set<string>()
  const note = () => noteCaughtUp({ store, stream, hasTime: () => true }, settled)
  const steps = async (by: typeof closing, poll: Poll) => by.step(poll, await by.look([poll]))
  return Object.assign(world, { store, stream, closing, run, note, steps })
}

const putLedger = async (
  store: ReturnType<typeof memoryCountStore>,
  changes: Partial<Ledger> & { shardId: string },
): Promise<void> => {
  const revision = ((await store.readLedger(changes.shardId))?.revision ?? 0) + 1
  await store.putLedger({ ...emptyLedger(changes.shardId), ...changes, revision })
}

const entry = (changes: object = {}) => ({
  counts: { ana: 3 },
  rejected: {},
  passed: false,
  lastArrival: 5,
  ...changes,
})

const markersIn = (stream: MemoryVoteStream, shardId: string): number =>
  (stream.shards.get(shardId)?.records ?? []).filter(({ body }) => body.kind === 'close').length

describe('closing', () => {
  it('happens by itself 250 ms after closesAt, not before', async () => {
    const world = aWorld([aPoll({ createdAt: 0, opensAt: 0, closesAt: 5000 })])
    world.now = 5249
    expect(await world.run()).toEqual({ final: [], closing: [], nextDueAt: 5250 })
    world.now = 5250
    expect(await world.run()).toEqual({ final: [], closing: ['final'], nextDueAt: null })
    expect(world.store.polls.get('final')).toMatchObject({ closedAt: 5250, shards: ['a', 'b'] })
  })

  it('does not happen at a closesAt that has moved', async () => {
    const world = aWorld([aPoll({ closesAt: 9000 })])
    expect((await world.closing.freeze('final', 5000))?.closedAt).toBeUndefined()
  })

  it('puts one marker into each open shard of the set, and no second one while the first is on its way', async () => {
    const world = aWorld()
    await world.closing.freeze('final')
    await world.run()
    await world.run()
    expect([markersIn(world.stream, 'a'), markersIn(world.stream, 'b')]).toEqual([1, 1])
    world.steady = 60_000
    await world.run()
    expect([markersIn(world.stream, 'a'), markersIn(world.stream, 'b')]).toEqual([2, 2])
  })

  it('is left to the closer that began it for two seconds', async () => {
    const world = aWorld()
    const other = closer({ store: world.store, stream: world.stream, steadyNow: () => 0 })
    const poll = (await world.closing.freeze('final')) ?? aPoll()
    await world.steps(other, poll)
    expect(markersIn(world.stream, 'a')).toBe(0)
    world.now += 2000
    await world.steps(other, poll)
    expect(markersIn(world.stream, 'a')).toBe(1)
  })

  it('puts a marker again where it was throttled', async () => {
    const world = aWorld()
    world.stream.throttled.add('b')
    await world.closing.freeze('final')
    await world.run()
    expect([markersIn(world.stream, 'a'), markersIn(world.stream, 'b')]).toEqual([1, 0])
    world.stream.throttled.clear()
    await world.run()
    expect([markersIn(world.stream, 'a'), markersIn(world.stream, 'b')]).toEqual([1, 1])
  })

  it('ends with the sum of the stamped entries, per shard too', async () => {
    const world = aWorld()
    await world.closing.freeze('final')
    await putLedger(world.store, {
      shardId: 'a',
      entries: { final: entry({ passed: true, rejected: { unknown_option: 2 } }) },
    })
    expect((await world.run()).final).toEqual([])
    await putLedger(world.store, {
      shardId: 'b',
      entries: { final: entry({ passed: true, lastArrival: 9 }) },
    })
    expect((await world.run()).final).toEqual(['final'])
    expect(world.store.polls.get('final')?.result).toMatchObject({
      counts: { ana: 6 },
      rejected: { unknown_option: 2 },
      shards: { a: { counted: 3, rejected: 2 }, b: { counted: 3, rejected: 0 } },
      newestArrival: 9,
      unproved: [],
    })
  })

  it('of a poll without a vote ends with nothing counted', async () => {
    const world = aWorld(undefined, ['a'])
    await world.closing.freeze('final')
    await putLedger(world.store, {
      shardId: 'a',
      entries: { final: entry({ counts: {}, passed: true, lastArrival: null }) },
    })
    await world.run()
    expect(world.store.polls.get('final')?.result).toMatchObject({ counts: {}, newestArrival: null })
  })

  it('of one poll does not wait for another that cannot go on', async () => {
    const world = aWorld([aPoll(), aPoll({ id: 'other' })], ['a'])
    await world.closing.freeze('final')
    await world.closing.freeze('other')
    await putLedger(world.store, { shardId: 'a', entries: { other: entry({ passed: true }) } })
    expect(await world.run()).toMatchObject({ final: ['other'], closing: ['final'] })
  })

  it('of one poll goes on to its end where another one fails, which is then told', async () => {
    const world = aWorld([aPoll(), aPoll({ id: 'broken' })], ['a'])
    await world.closing.freeze('final')
    await world.closing.freeze('broken')
    const putControl = world.stream.putControl
    world.stream.putControl = async (shards, data) => {
      if (data.includes('broken')) throw new Error('as the test wants it')
      const taken = await putControl(shards, data)
      await putLedger(world.store, { shardId: 'a', entries: { final: entry({ passed: true }) } })
      return taken
    }
    await expect(world.run(5)).rejects.toThrow('polls that could not be closed: broken')
    expect(world.store.polls.get('final')?.finalAt).toBeDefined()
  })

  it('that another closer has finished meanwhile is found finished, though the ledgers know the poll no more', async () => {
    const world = aWorld(undefined, ['a'])
    const poll = (await world.closing.freeze('final')) ?? aPoll()
    await putLedger(world.store, { shardId: 'a', entries: { final: entry({ passed: true }) } })
    await world.run()
    await putLedger(world.store, { shardId: 'a', entries: {} })
    const { poll: found } = await world.steps(world.closing, poll)
    expect(found.result?.counts).toEqual({ ana: 3 })
    expect(markersIn(world.stream, 'a')).toBe(0)
  })
})

describe('a shard that has ended', () => {
  const ended = async () => {
    const world = aWorld(undefined, ['a'])
    world.stream.put('a', vote(5))
    world.stream.split('a', 'c')
    await world.store.joinPoll('final', 'a')
    await world.closing.freeze('final')
    return world
  }

  it('is waited for while it holds a record that is not counted', async () => {
    const world = await ended()
    await world.run()
    expect((await world.store.readLedger('a'))?.entries.final).toBeUndefined()
    await putLedger(world.store, {
      shardId: 'a',
      checkpoint: sequenceAt(5),
      entries: { final: entry({ counts: { ana: 1 } }) },
    })
    await putLedger(world.store, { shardId: 'c', entries: { final: entry({ counts: {}, passed: true }) } })
    await world.run()
    expect((await world.run()).final).toEqual(['final'])
    expect(world.store.polls.get('final')?.result?.counts).toEqual({ ana: 1 })
  })

  it('needs no marker: none is put into the child for it', async () => {
    const world = await ended()
    await world.run()
    expect(markersIn(world.stream, 'c')).toBe(1) // the child's own
    expect(markersIn(world.stream, 'a')).toBe(0)
  })
})

describe('a shard that is missing from a list, and there', () => {
  it('is not taken for one that has ended', async () => {
    const world = aWorld(undefined, ['a'])
    await world.store.joinPoll('final', 'a')
    const poll = (await world.closing.freeze('final')) ?? aPoll()
    world.stream.listShards = async () => []
    await world.steps(world.closing, poll)
    expect(await world.store.readLedger('a')).toBeUndefined()
  })
})

describe('a poll open for longer than the stream keeps records', () => {
  const day = 24 * hour
  const counted = {
    shardId: 'a',
    checkpoint: sequenceAt(5),
    lastArrival: 5,
    entries: { final: entry() },
  }
  const passed = { entries: { final: entry({ passed: true }) } }

  /** One vote counted in shard `a`, and then silence. */
  const silent = async () => {
    const world = aWorld(undefined, ['a'])
    world.stream.put('a', vote(5))
    await world.store.joinPoll('final', 'a')
    await putLedger(world.store, counted)
    return world
  }
  /** Looks at the shards every few hours, as the closer does. */
  const waitFor = async (world: Awaited<ReturnType<typeof silent>>, ms: number): Promise<void> => {
    for (const until = world.now + ms; world.now < until; ) {
      world.now = Math.min(until, world.now + 2 * hour)
      await world.note()
    }
  }
  const finish = async (
    world: Awaited<ReturnType<typeof silent>>,
  ): Promise<readonly string[] | undefined> => {
    await world.closing.freeze('final')
    await world.run()
    await world.run()
    return world.store.polls.get('final')?.result?.unproved
  }
  const stamp = async (world: Awaited<ReturnType<typeof silent>>, shardId: string): Promise<void> => {
    const ledger = (await world.store.readLedger(shardId)) ?? emptyLedger(shardId)
    await putLedger(world.store, { ...ledger, ...passed, shardId })
  }

  it('is proved as long as somebody looks at its silent shard now and then', async () => {
    const world = await silent()
    await waitFor(world, 10 * day)
    await stamp(world, 'a')
    expect(await finish(world)).toEqual([])
  })

  it('is proved when its silent shard ended and was seen counted to its end, however long ago', async () => {
    const world = await silent()
    await waitFor(world, 2 * day)
    world.stream.split('a', 'c')
    await waitFor(world, 2 * hour)
    world.stream.expire('a')
    world.now += 10 * day
    await world.closing.freeze('final')
    await stamp(world, 'c')
    expect(await finish(world)).toEqual([])
  })

  it('names a shard that nobody looked at for longer than the retention, open or gone', async () => {
    const open = await silent()
    open.now += 2 * day
    await open.note()
    await stamp(open, 'a')
    expect(await finish(open)).toEqual(['a'])

    const gone = await silent()
    gone.stream.split('a', 'c')
    gone.stream.expire('a')
    gone.now += 2 * day
    await stamp(gone, 'c')
    expect(await finish(gone)).toEqual(['a'])
  })

  it('is proved where that happened before the poll was created', async () => {
    const world = aWorld([aPoll({ createdAt: 5 * day, opensAt: 5 * day })], ['a'])
    await putLedger(world.store, { ...counted, entries: {}, lostUntil: 4 * day })
    world.now = 6 * day
    await world.closing.freeze('final')
    await stamp(world as Awaited<ReturnType<typeof silent>>, 'a')
    await world.run()
    expect(world.store.polls.get('final')?.result?.unproved).toEqual([])
  })

  it('is not proved when the aggregator read on after more than the retention', async () => {
    const world = await silent()
    const late = 2 * day
    await aggregate(
      {
        shardId: 'a',
        window: { start: late, end: late + 5000 },
        records: [vote(late, 'ana')],
        isFinal: false,
      },
      {
        store: world.store,
        polls: pollCache(world.store, () => 0),
        now: () => late,
        retentionMs: day,
        forEach: (records, fold) => {
          for (const record of records) fold(record)
          return []
        },
      },
    )
    world.now = late
    expect(await world.store.readLedger('a')).toMatchObject({ lostUntil: late - day + hour })
    await stamp(world, 'a')
    expect(await finish(world)).toEqual(['a'])
  })

  it('names a shard whose votes may have gone before it had a ledger, and no young one', async () => {
    for (const isOld of [true, false]) {
      const world = aWorld(undefined, ['a'])
      world.now = 2 * day // votes may have come and gone
      if (!isOld) world.stream.born.set('a', world.now - hour)
      await world.note()
      await world.closing.freeze('final')
      await stamp(world, 'a')
      expect(await finish(world)).toEqual(isOld ? ['a'] : [])
    }
  })

  it('takes back what had to be feared of a shard once that is seen to be young', async () => {
    const world = await silent()
    await putLedger(world.store, { ...counted, lostUntil: day })
    world.now += 2 * day
    await world.note()
    expect(await world.store.readLedger('a')).toHaveProperty('lostUntil')
    world.stream.born.set('a', world.now - hour)
    world.stream.put('a', vote(world.now)) // waits to be counted
    // An aggregator is faster, once.
    const putOnce = world.store.putLedger
    world.store.putLedger = async () => {
      world.store.putLedger = putOnce
      return false
    }
    await world.note()
    expect(await world.store.readLedger('a')).not.toHaveProperty('lostUntil')
  })

  it('takes it back when it closes a poll, too', async () => {
    const world = await silent()
    await putLedger(world.store, { ...counted, lostUntil: day })
    world.now += 2 * day
    world.stream.born.set('a', world.now - hour)
    await world.closing.freeze('final')
    await stamp(world, 'a')
    expect(await finish(world)).toEqual([])
  })

  it('names a shard that was seen once, never counted, and then gone', async () => {
    const world = aWorld(undefined, ['a'])
    world.stream.put('a', vote(5))
    await world.note()
    world.stream.split('a', 'c')
    world.stream.expire('a')
    world.now += 2 * day
    await world.closing.freeze('final')
    await world.run()
    await stamp(world, 'c')
    expect(await finish(world)).toEqual(['a'])
    expect(await world.store.readLedger('a')).toMatchObject({ drained: true })
  })

  it('is looked after even where one shard cannot be looked at, and with one write every few hours', async () => {
    const world = aWorld(undefined, ['a', 'b'])
    const lookBeyond = world.stream.lookBeyond
    world.stream.lookBeyond = async (id, number) => {
      if (id === 'a') throw new Error('throttled')
      return lookBeyond(id, number)
    }
    world.now = 30 * hour
    await expect(world.note()).rejects.toThrow('1 of 2 shards')
    expect(await world.store.readLedger('b')).toMatchObject({ revision: 1, caughtUpAt: 30 * hour - 60_000 })
    world.now += hour
    await expect(world.note()).rejects.toThrow()
    expect(await world.store.readLedger('b')).toMatchObject({ revision: 1 })
  })
})
