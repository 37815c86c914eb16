import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aggregate } from '../../../aggregators/aggregate.ts'
import { closePolls, reportOf } from '../../../aggregators/close/close-polls.ts'
import { closer } from '../../../aggregators/close/closer.ts'
import type { ArrivedRecord } from '../../../aggregators/evolve.ts'
import type { Ledger } from '../../../aggregators/ledger.ts'
import { readPart } from '../../../aggregators/part.ts'
import { pollCache } from '../../../aggregators/poll-cache.ts'
import { isAfter } from '../../../aggregators/sequence-number.ts'
import { addCounts, increase, own, sum } from '../../../aggregators/tally.ts'
import type { Poll, PollResult } from '../../../ingest/poll.ts'
import { aPoll, vote } from '../arrivals.ts'
import { type Crash, crashing } from '../crashing.ts'
import { type MemoryCountStore, memoryCountStore } from '../memory-count-store.ts'
import { type MemoryVoteStream, memoryVoteStream } from './memory-vote-stream.ts'

const windowMs = 50
const pollIds = ['one', 'two', 'silent'] as const
const firstShards = ['a', 'b', 'idle']

/** What happens, one thing after another, in any order. `shard` picks one of those there are. */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('vote' as const),
      shard: fc.nat(7),
      option: fc.constantFrom('ana', 'bia', 'eva'),
      poll: fc.constantFrom('one', 'two'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('count' as const),
      shard: fc.nat(7),
      size: fc.integer({ min: 1, max: 5 }),
      crash: crashes(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('split' as const), shard: fc.nat(7) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('freeze' as const),
      poll: fc.constantFrom(...pollIds),
      crash: crashes(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('step' as const), crash: crashes() }) },
)

function crashes() {
  return fc.option(fc.record({ call: fc.integer({ min: 1, max: 9 }), after: fc.boolean() }), {
    nil: undefined,
  })
}

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

type World = { store: MemoryCountStore; stream: MemoryVoteStream; at: number }

it('a closed poll gets the votes before its markers in the shards of its set, whatever splits, crashes and delays there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 60 }), async (story) => {
      const world: World = {
        store: memoryCountStore(
          pollIds.map((id) => aPoll({ id, createdAt: 0, opensAt: 0 })),
          () => world.at,
        ),
        stream: memoryVoteStream(firstShards),
        at: 1,
      }
      const finals = new Map<string, PollResult>()
      for (const event of story) {
        await happen(world, event)
        expectUnchanged(world, finals)
      }
      // In the end everything is counted and closed.
      for (const id of pollIds) await closerOf(world).freeze(id)
      await settle(world)
      for (const id of pollIds)
        expect(world.store.polls.get(id)?.result?.counts).toEqual(recount(world, id).counts)
      for (const id of pollIds)
        expect(world.store.polls.get(id)?.result?.rejected).toEqual(recount(world, id).rejected)
      expectPartsToAddUp(world)
      expectUnchanged(world, finals)

      // Votes that come now change no result, and ledgers let go of final polls.
      for (const [id, { open }] of world.stream.shards) {
        if (!open) continue
        const [last] = world.stream.shards.get(id)?.records.slice(-1) ?? []
        world.stream.put(id, vote((last?.arrival ?? 0) + 1, 'ana', 'one'))
      }
      await countAll(world)
      expectUnchanged(world, finals)
      for (const ledger of await world.store.readAllLedgers())
        if (world.stream.shards.get(ledger.shardId)?.open) expect(ledger.entries).toEqual({})
    }),
    { numRuns: 300 },
  )
}, 120_000)

const happen = async (world: World, event: Happening): Promise<void> => {
  world.at += 1
  const shardIds = [...world.stream.shards.keys()]
  switch (event.what) {
    case 'vote': {
      const open = shardIds.filter((id) => world.stream.shards.get(id)?.open && id !== 'idle')
      const id = open[event.shard % open.length] ?? ''
      const before = world.stream.shards.get(id)?.records.at(-1)?.arrival ?? 0
      world.at = Math.max(world.at, before + 1)
      world.stream.put(id, vote(world.at, event.option, event.poll))
      break
    }
    case 'count':
      await survive(() =>
        countSome(world, shardIds[event.shard % shardIds.length] ?? '', event.size, event.crash),
      )
      break
    case 'split': {
      const open = shardIds.filter((id) => world.stream.shards.get(id)?.open)
      if (shardIds.length < 7)
        world.stream.split(open[event.shard % open.length] ?? '', `child-${shardIds.length}`)
      break
    }
    case 'freeze':
      await survive(() => closerOf(world, event.crash).freeze(event.poll))
      break
    case 'step':
      await survive(() => stepAll(world, event.crash))
      break
  }
}

/** Each closer is a new process: what it remembers of markers is gone. */
const closerOf = ({ store, stream }: World, crash?: Crash) => {
  const calls = { calls: 0 }
  return closer({
    store: crashing(store, crash, calls),
    stream: crashing(stream, crash, calls),
    steadyNow: () => 0,
  })
}

const stepAll = (world: World, crash?: Crash): Promise<unknown> =>
  closePolls({
    closer: closerOf(world, crash),
    store: world.store,
    steadyNow: () => 0,
    sleep: async () => {},
    hasTime: () => false,
  }).then(reportOf)

/** Counts the next records of a shard, as a mapping would deliver them. */
const countSome = async (
  { store, stream }: World,
  shardId: string,
  size: number,
  crash?: Crash,
): Promise<number> => {
  const records = stream.shards.get(shardId)?.records ?? []
  const checkpoint = (await store.readLedger(shardId))?.checkpoint ?? '0'
  const from = records.findIndex(({ sequenceNumber }) => isAfter(sequenceNumber, checkpoint))
  const first = from < 0 ? undefined : records[from]
  if (first === undefined) return 0
  const start = Math.floor(first.arrival / windowMs) * windowMs
  const batch = records.slice(from, from + size).filter(({ arrival }) => arrival < start + windowMs)
  await aggregate(
    { shardId, window: { start, end: start + windowMs }, records: batch, isFinal: false },
    {
      store: crashing(store, crash),
      polls: pollCache(store, () => Number.MAX_SAFE_INTEGER),
      now: () => first.arrival,
      retentionMs: Number.POSITIVE_INFINITY,
      forEach: (all, fold) => {
        for (const record of all) fold(record)
        return []
      },
    },
  )
  return batch.length
}

const countAll = async (world: World): Promise<void> => {
  for (const id of world.stream.shards.keys()) while ((await countSome(world, id, 10)) > 0);
}

const settle = async (world: World): Promise<void> => {
  for (let round = 0; round < 50; round += 1) {
    world.at += 1000
    await stepAll(world)
    await countAll(world)
    if ([...world.store.polls.values()].every(({ finalAt }) => finalAt !== undefined)) return
  }
  throw new Error('not every poll became final')
}

const survive = async (run: () => Promise<unknown>): Promise<void> => {
  try {
    await run()
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error]
    for (const cause of causes) if (!/^crashed/.test(String(cause.message))) throw error
  }
}

/** The rules of section 5, said again over the plain stream. */
const recount = ({ store, stream }: World, id: string): Pick<PollResult, 'counts' | 'rejected'> => {
  const tally = { counts: {}, rejected: {} }
  const poll = store.polls.get(id) as Poll
  for (const shardId of poll.shards)
    for (const { body } of beforeMarker(stream.shards.get(shardId)?.records ?? [], id)) {
      if (body.kind !== 'votes' || body.poll !== id) continue
      for (const { option } of body.votes) {
        if (poll.options.some((known) => known.id === option)) increase(tally.counts, option, 1)
        else increase(tally.rejected, 'unknown_option' as never, 1)
      }
    }
  return tally
}

const beforeMarker = (records: readonly ArrivedRecord[], id: string): readonly ArrivedRecord[] => {
  const at = records.findIndex(({ body }) => body.kind === 'close' && body.poll.id === id)
  return at < 0 ? records : records.slice(0, at)
}

const expectUnchanged = ({ store }: World, finals: Map<string, PollResult>): void => {
  for (const [id, { result }] of store.polls) {
    const before = finals.get(id)
    if (before !== undefined) expect(result).toEqual(before)
    else if (result !== undefined) finals.set(id, structuredClone(result))
  }
}

const expectPartsToAddUp = ({ store }: World): void => {
  for (const id of pollIds) {
    const counts: Record<string, number> = {}
    for (const part of store.parts.values()) addCounts(counts, own(readPart(part).polls, id)?.counts ?? {})
    for (const text of store.ledgers.values())
      addCounts(counts, own((JSON.parse(text) as Ledger).open?.polls ?? {}, id)?.counts ?? {})
    expect(counts).toEqual(store.polls.get(id)?.result?.counts)
    expect(sum(counts)).toBe(
      Object.values(store.polls.get(id)?.result?.shards ?? {}).reduce((all, { counted }) => all + counted, 0),
    )
  }
}
