import { describe, expect, it } from 'vitest'
import { closePolls } from '../../../aggregators/close/close-polls.ts'
import { closer } from '../../../aggregators/close/closer.ts'
import { emptyLedger, type Ledger } from '../../../aggregators/ledger.ts'
import { aPoll, sequenceAt, vote } from '../arrivals.ts'
import { memoryCountStore } from '../memory-count-store.ts'
import { type MemoryVoteStream, memoryVoteStream } from './memory-vote-stream.ts'

const hour = 3_600_000

/** A world whose clock is set by hand. Retention is 24 hours. */
const aWorld = (polls = [aPoll({ createdAt: 0, opensAt: 0 })], shardIds = ['a', 'b']) => {
  const world = { now: 1000, steady: 0 }
  const store = memoryCountStore(polls, () => world.now)
  const stream = memoryVoteStream(shardIds, 24 * hour)
  const closing = closer({ store, stream, steadyNow: () => world.steady })
  const run = () => closePolls({ closer: closing, store, sleep: async () => {}, hasTime: () => false })
  return Object.assign(world, { store, stream, closing, run })
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
    await other.step(poll)
    expect(markersIn(world.stream, 'a')).toBe(0)
    world.now += 2000
    await other.step(poll)
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

describe('a poll open for longer than the stream keeps records', () => {
  const counted = {
    shardId: 'a',
    checkpoint: sequenceAt(5),
    lastArrival: 5,
    entries: { final: entry() },
  }

  it('is proved when its ended shard was seen counted to the end in time', async () => {
    const world = aWorld(undefined, ['a'])
    world.stream.put('a', vote(5))
    await world.store.joinPoll('final', 'a')
    await putLedger(world.store, counted)
    world.stream.split('a', 'c')
    await world.closing.noteDrained()
    world.stream.expire('a')
    world.now = 48 * hour
    await world.closing.freeze('final')
    await putLedger(world.store, { shardId: 'c', entries: { final: entry({ passed: true }) } })
    await world.run()
    expect((await world.run()).final).toEqual(['final'])
    expect(world.store.polls.get('final')?.result).toMatchObject({ counts: { ana: 6 }, unproved: [] })
  })

  it('names the shard in which votes may have expired unread', async () => {
    const world = aWorld(undefined, ['a', 'c'])
    await world.store.joinPoll('final', 'a')
    await putLedger(world.store, counted)
    world.stream.expire('a')
    world.now = 48 * hour
    await world.closing.freeze('final')
    await putLedger(world.store, { shardId: 'c', entries: { final: entry({ passed: true }) } })
    await world.run()
    await world.run()
    expect(world.store.polls.get('final')?.result).toMatchObject({ counts: { ana: 6 }, unproved: ['a'] })
  })

  it('is proved where a marker has passed, however long the shard was silent', async () => {
    const world = aWorld(undefined, ['a'])
    await putLedger(world.store, { ...counted, entries: { final: entry({ passed: true }) } })
    world.now = 48 * hour
    await world.closing.freeze('final')
    await world.run()
    expect(world.store.polls.get('final')?.result?.unproved).toEqual([])
  })

  it('does not note a shard as counted to its end when its last record is too old to vouch for it', async () => {
    const world = aWorld(undefined, ['a'])
    await putLedger(world.store, counted)
    world.stream.split('a', 'c')
    world.now = 48 * hour
    await world.closing.noteDrained()
    expect((await world.store.readLedger('a'))?.drained).toBeUndefined()
  })
})
