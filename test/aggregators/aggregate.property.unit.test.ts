import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AggregatePorts, aggregate, type Invocation } from '../../aggregators/aggregate.ts'
import type { CountStore } from '../../aggregators/count-store.ts'
import type { ArrivedRecord } from '../../aggregators/evolve.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import { genesisHash, partHash, readPart } from '../../aggregators/part.ts'
import { pollCache } from '../../aggregators/poll-cache.ts'
import { sum } from '../../aggregators/tally.ts'
import { aPoll, digestOf, sequenceAt, shardId, vote, votes } from './arrivals.ts'
import { type MemoryCountStore, memoryCountStore } from './memory-count-store.ts'

const windowMs = 100
const polls = [aPoll({ createdAt: 0, opensAt: 0 }), aPoll({ id: 'other', createdAt: 0, opensAt: 150 })]

/** Where an invocation dies: at its n-th call to the table, before it reaches the table or after it did its work. */
type Crash = { call: number; after: boolean } | undefined

/** A store whose n-th call fails; what it did by then stays done. */
const crashing = (store: CountStore, crash: Crash): CountStore => {
  let calls = 0
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1
      const dies = calls === crash?.call
      if (dies && !crash?.after) throw new Error('crashed before the call')
      const result = await call(...args)
      if (dies) throw new Error('crashed after the call')
      return result
    }
  return {
    readLedger: guard(store.readLedger),
    putLedger: guard(store.putLedger),
    addShard: guard(store.addShard),
    writePart: guard(store.writePart),
    readPolls: guard(store.readPolls),
    joinPoll: guard(store.joinPoll),
    untilNow: guard(store.untilNow),
    voidPending: guard(store.voidPending),
  }
}

/** Each call takes its turn when the scheduler says so: two invocations interleave in every way. */
const scheduled = (store: CountStore, scheduler: fc.Scheduler): CountStore => {
  const turn =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve())
      return call(...args)
    }
  return {
    readLedger: turn(store.readLedger),
    putLedger: turn(store.putLedger),
    addShard: turn(store.addShard),
    writePart: turn(store.writePart),
    readPolls: turn(store.readPolls),
    joinPoll: turn(store.joinPoll),
    untilNow: turn(store.untilNow),
    voidPending: turn(store.voidPending),
  }
}

/** After every arrival in these tests. */
const now = (): number => 10_000

const ports = (store: CountStore): AggregatePorts => ({
  store,
  polls: pollCache(store, () => 0),
  now,
  retentionMs: Number.POSITIVE_INFINITY,
  forEach: (records, fold) => {
    for (const record of records) fold(record)
    return []
  },
})

const stream = fc
  .array(
    fc.record({ gap: fc.integer({ min: 0, max: 60 }), poll: fc.constantFrom('final', 'other', 'nowhere') }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((steps) => {
    let arrival = 1
    return steps.map(({ gap, poll }, at): ArrivedRecord => {
      arrival += gap
      return at % 5 === 4
        ? votes(at + 1, ['ana', 'eva', 'bia'], poll, arrival)
        : vote(at + 1, 'bia', poll, arrival)
    })
  })

const delivery = fc.record({
  back: fc.nat({ max: 20 }),
  size: fc.integer({ min: 1, max: 12 }),
  state: fc.constantFrom('right', 'right', 'lost', 'stale'),
  stale: fc.nat({ max: 30 }),
  final: fc.boolean(),
  crash: fc.option(fc.record({ call: fc.integer({ min: 1, max: 8 }), after: fc.boolean() }), {
    nil: undefined,
  }),
})

/** The first records from `from` on that lie in one window, as a mapping cuts a batch. */
const cut = (records: readonly ArrivedRecord[], from: number, size: number): ArrivedRecord[] => {
  const first = records[from]
  if (first === undefined) return []
  const window = Math.floor(first.arrival / windowMs)
  const end = records.findIndex((record, at) => at > from && Math.floor(record.arrival / windowMs) !== window)
  return records.slice(from, Math.min(end < 0 ? records.length : end, from + size))
}

const invocationOf = (batch: readonly ArrivedRecord[], isFinal: boolean, cached?: Ledger): Invocation => {
  const start = Math.floor((batch[0]?.arrival ?? 0) / windowMs) * windowMs
  return { shardId, window: { start, end: start + windowMs }, records: batch, isFinal, cached }
}

/** Everything that must hold of the table once all records have been delivered. */
const expectCountedOnce = async (
  store: MemoryCountStore,
  records: readonly ArrivedRecord[],
): Promise<void> => {
  const plain = memoryCountStore(polls, now)
  for (let from = 0; from < records.length; ) {
    const batch = cut(records, from, 1)
    await aggregate(invocationOf(batch, false), ports(plain))
    from += batch.length
  }
  const expected = await plain.readLedger(shardId)
  const ledger = await store.readLedger(shardId)
  expect(ledger?.lifetime).toEqual(expected?.lifetime)
  expect(ledger?.entries).toEqual(expected?.entries)

  const sealed = [...store.parts.values()].sort((left, right) => left.number - right.number)
  let head = genesisHash
  let read = 0
  for (const [number, part] of sealed.entries()) {
    expect(part.number).toBe(number)
    expect(part.hash).toBe(partHash(head, part.bytes))
    const body = readPart(part)
    expect(body.first).toBe(records[read]?.sequenceNumber)
    expect(body.runs.reduce((all, run) => all + run, 0)).toBe(body.records)
    expect(body.digest).toBe(digestOf(records.slice(read, read + body.records), body.runs))
    read += body.records
    expect(body.last).toBe(records[read - 1]?.sequenceNumber)
    head = part.hash
  }
  const tallies = sealed
    .map(readPart)
    .flatMap(({ polls, rejected }) => [{ counts: {}, rejected }, ...Object.values(polls)])
  expect(tallies.reduce((all, { counts }) => all + sum(counts), 0)).toBe(ledger?.lifetime.counted)
  expect(tallies.reduce((all, { rejected }) => all + sum(rejected), 0)).toBe(
    sum(ledger?.lifetime.rejected ?? {}),
  )
  expect(sealed.length).toBe(ledger?.parts)
  expect(head).toBe(ledger?.head)
  expect(read).toBe(records.length)
}

const finish = async (store: MemoryCountStore, records: readonly ArrivedRecord[]): Promise<void> => {
  for (let from = 0; from < records.length; ) {
    const batch = cut(records, from, 1000)
    await aggregate(invocationOf(batch, false), ports(store))
    from += batch.length
  }
  const last = records.at(-1)
  await aggregate({ ...invocationOf(last ? [last] : [], true), records: [] }, ports(store))
}

describe('counting exactly once', () => {
  it('holds over replays, re-cut batches, lost and stale states and crashes between any two table calls', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(delivery, { maxLength: 25 }), async (records, deliveries) => {
        const store = memoryCountStore(polls, now)
        const states: Ledger[] = []
        let read = 0
        for (const { back, size, state, stale, final, crash } of deliveries) {
          const from = Math.max(0, read - back)
          const batch = cut(records, from, size)
          if (batch.length === 0) break
          const cached =
            state === 'lost' ? undefined : state === 'right' ? states.at(-1) : states[stale % states.length]
          try {
            states.push(await aggregate(invocationOf(batch, final, cached), ports(crashing(store, crash))))
            read = Math.max(read, from + batch.length)
          } catch (error) {
            expect(String(error)).toContain('crashed')
          }
        }
        await finish(store, records)
        await expectCountedOnce(store, records)
      }),
      { numRuns: 300 },
    )
  })

  it('holds with two writers whose table calls interleave in any way', async () => {
    await fc.assert(
      fc.asyncProperty(
        stream,
        fc.array(delivery, { maxLength: 12 }),
        fc.scheduler(),
        async (records, deliveries, scheduler) => {
          const store = memoryCountStore(polls, now)
          const writer = async (plan: typeof deliveries): Promise<void> => {
            const own = ports(scheduled(store, scheduler))
            let cached: Ledger | undefined
            let read = 0
            for (const { back, size, final } of plan) {
              const from = Math.max(0, read - back)
              const batch = cut(records, from, size)
              if (batch.length === 0) return
              cached = await aggregate(invocationOf(batch, final, cached), own)
              read = Math.max(read, from + batch.length)
            }
          }
          const both = Promise.all([writer(deliveries), writer(deliveries.toReversed())])
          await scheduler.waitFor(both)
          await finish(store, records)
          await expectCountedOnce(store, records)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the table', () => {
  it('a batch costs one put, and one more where a window ends', async () => {
    const store = memoryCountStore(polls, now)
    let puts = 0
    const counting: CountStore = {
      ...store,
      putLedger: (ledger) => {
        puts += 1
        return store.putLedger(ledger)
      },
    }
    const batch = [vote(1, 'ana', 'final', 10), vote(2, 'bia', 'final', 20)]
    await aggregate(invocationOf(batch, false), ports(counting))
    expect(puts).toBe(1)
    await aggregate({ ...invocationOf(batch, true), records: [] }, ports(counting))
    expect(puts).toBe(2)
    await aggregate(invocationOf(batch, false), ports(counting))
    expect(puts).toBe(2)
  })

  it('a shard is known before its first ledger, and the poll knows its shard before a vote of it counts', async () => {
    const store = memoryCountStore(polls, now)
    const order: string[] = []
    const told: CountStore = {
      ...store,
      addShard: (id) => {
        order.push('addShard')
        return store.addShard(id)
      },
      joinPoll: (poll, shard) => {
        order.push('joinPoll')
        return store.joinPoll(poll, shard)
      },
      putLedger: (ledger) => {
        order.push('putLedger')
        return store.putLedger(ledger)
      },
    }
    await aggregate(invocationOf([vote(1, 'ana', 'final', 10)], false), ports(told))
    expect(order).toEqual(['addShard', 'joinPoll', 'putLedger'])
    expect(store.polls.get('final')?.shards).toEqual([shardId])
  })

  it('unknown_poll is decided on definitions read in the same invocation, not on a cached absence', async () => {
    const store = memoryCountStore([], now)
    const shared = ports(store)
    await aggregate(invocationOf([vote(1, 'ana', 'final', 10)], false), shared)
    store.polls.set('final', aPoll({ createdAt: 15, opensAt: 15 }))
    const ledger = await aggregate(invocationOf([vote(2, 'ana', 'final', 20)], false), shared)
    expect(ledger.lifetime).toEqual({ counted: 1, rejected: { unknown_poll: 1 } })
  })

  it('a final poll leaves the ledger, and its votes are closed from then on', async () => {
    const store = memoryCountStore(polls, now)
    await aggregate(invocationOf([vote(1, 'ana', 'final', 10)], false), ports(store))
    Object.assign(store.polls.get('final') ?? {}, { closedAt: 15, finalAt: 20 })
    const ledger = await aggregate(invocationOf([vote(2, 'ana', 'final', 30)], false), ports(store))
    expect(ledger.entries).toEqual({})
    expect(ledger.lifetime).toEqual({ counted: 1, rejected: { closed: 1 } })
    expect(sum(ledger.open?.rejected ?? {})).toBe(1)
  })

  it('a poll that a shard may not join is asked about once per invocation', async () => {
    const store = memoryCountStore(
      [aPoll({ createdAt: 0, opensAt: 0, closedAt: 5, shards: ['another'] })],
      now,
    )
    let joins = 0
    const counting: CountStore = {
      ...store,
      joinPoll: (poll, shard) => {
        joins += 1
        return store.joinPoll(poll, shard)
      },
    }
    const batch = Array.from({ length: 50 }, (_, n) => vote(n + 1, 'ana', 'final', 10))
    const { lifetime } = await aggregate(invocationOf(batch, false), ports(counting))
    expect([joins, lifetime]).toEqual([1, { counted: 0, rejected: { closed: 50 } }])
  })

  it('gives up, to be retried, when others win every time', async () => {
    const store: CountStore = { ...memoryCountStore(polls, now), putLedger: async () => false }
    await expect(aggregate(invocationOf([vote(1)], false), ports(store))).rejects.toThrow(
      'replaced by others',
    )
    expect(sequenceAt(1)).toHaveLength(56)
  })
})
