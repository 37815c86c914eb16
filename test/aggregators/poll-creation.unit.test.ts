import { describe, expect, it } from 'vitest'
import { aggregate } from '../../aggregators/aggregate.ts'
import { pollCache } from '../../aggregators/poll-cache.ts'
import { createPoll, type PollCreationPorts } from '../../ingest/poll-creation.ts'
import { shardId, vote } from './arrivals.ts'
import { memoryCountStore } from './memory-count-store.ts'

/** A table at 5,000 ms, and an aggregator and a creator at work on it. */
const open = () => {
  const clock = { now: 5000 }
  const store = memoryCountStore([], () => clock.now)
  const polls = pollCache(store, () => clock.now)
  let sequence = 0
  const count = (arrival: number) =>
    aggregate(
      {
        shardId,
        window: { start: 0, end: 60_000 },
        records: [vote(++sequence, 'ana', 'final', arrival)],
        isFinal: false,
      },
      {
        store,
        polls,
        now: () => clock.now,
        retentionMs: Number.POSITIVE_INFINITY,
        forEach: (records, fold) => {
          for (const record of records) fold(record)
          return []
        },
      },
    )
  const create = (changes: Partial<PollCreationPorts> = {}) =>
    createPoll(
      {
        id: 'final',
        title: 'Final',
        options: [
          { id: 'ana', label: 'Ana' },
          { id: 'bia', label: 'Bia' },
        ],
      },
      {
        ...store,
        date: () => Math.floor(clock.now / 1000) * 1000,
        untilDate: async (date) => {
          clock.now = Math.max(clock.now, date)
        },
        ...changes,
      },
    )
  return { clock, store, count, create }
}

const died = new Error('the creator is gone')

describe('a poll is valid to every vote or to none', () => {
  it('when its creator stops before it is confirmed: the first vote that meets it makes it void', async () => {
    const { clock, store, count, create } = open()
    const confirm = () => Promise.reject(died)
    await expect(create({ confirm })).rejects.toBe(died)
    expect(store.polls.get('final')).toMatchObject({ pending: true, createdAt: 7000 })

    clock.now = 8000
    const ledger = await count(7500)
    expect(ledger.lifetime).toEqual({ counted: 0, rejected: { unknown_poll: 1 } })
    expect(store.polls.get('final')).toMatchObject({ voided: true })
  })

  it('when a vote meets it before it is confirmed: the creator is told that it is void', async () => {
    const { clock, store, count, create } = open()
    const confirm = async (id: string) => {
      clock.now = 8000
      await count(7500)
      return store.confirm(id)
    }
    await expect(create({ confirm })).rejects.toThrow(/void; try again/)
    expect((await count(7600)).lifetime).toEqual({ counted: 0, rejected: { unknown_poll: 2 } })
  })

  it('when its put comes too late: it is void before any vote could be counted', async () => {
    const { clock, store, count, create } = open()
    const putPending: PollCreationPorts['putPending'] = async (definition) => {
      clock.now = 7000
      await count(7000)
      return store.putPending(definition)
    }
    await expect(create({ putPending })).rejects.toThrow(/void; try again/)
    expect((await count(7000)).lifetime).toEqual({ counted: 0, rejected: { unknown_poll: 2 } })
  })

  it("when the stream's clock is ahead of the table's: its vote waits until the table is as far", async () => {
    const { clock, store, count, create } = open()
    const putPending: PollCreationPorts['putPending'] = async (definition) => {
      clock.now = 6900
      await expect(count(7100)).rejects.toThrow('behind')
      return store.putPending(definition)
    }
    await create({ putPending })
    clock.now = 7200
    expect((await count(7100)).lifetime).toEqual({ counted: 1, rejected: {} })
  })

  it('and one from before it was created changes nothing about a pending poll', async () => {
    const { store, count, create } = open()
    const confirm = async (id: string) => {
      await count(4900)
      return store.confirm(id)
    }
    await create({ confirm })
    expect((await count(7000)).lifetime).toEqual({ counted: 1, rejected: { unknown_poll: 1 } })
  })
})
