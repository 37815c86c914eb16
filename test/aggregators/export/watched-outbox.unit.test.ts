import { describe, expect, it } from 'vitest'
import { drain } from '../../../aggregators/export/drain.ts'
import { watchedOutbox } from '../../../aggregators/export/watched-outbox.ts'
import { type SealedPart, sealPart } from '../../../aggregators/part.ts'
import { memoryOutbox } from './memory-outbox.ts'

/** A part whose window ends at `end`. */
const part = (shardId: string, number: number, end: number): SealedPart =>
  sealPart(shardId, number, '0'.repeat(64), {
    window: { start: end - 5000, end },
    first: '1',
    last: '1',
    records: 1,
    runs: [],
    digest: '',
    polls: {},
    rejected: {},
  })

const parts = [part('a', 0, 30_000), part('a', 1, 35_000), part('b', 0, 20_000), part('b', 1, 40_000)]
const asMap = () => new Map(parts.map((one) => [`${one.shardId}#${one.number}`, one]))

/** Takes so many parts of each request. */
const sink = (takes: number) => ({
  name: 'a sink',
  send: async (sent: readonly SealedPart[]) => sent.slice(0, takes),
})
const always = () => true

describe('the oldest unsent window', () => {
  it('is unknown until the outbox has been read', () => {
    expect(watchedOutbox(memoryOutbox(asMap())).oldestUnsentEnd()).toBeUndefined()
  })

  it('is none when everything was sent', async () => {
    const outbox = watchedOutbox(memoryOutbox(asMap()))
    expect(await drain(outbox, sink(9), always)).toBe(4)
    expect(outbox.oldestUnsentEnd()).toBeNull()
  })

  it('is none when nothing was there', async () => {
    const outbox = watchedOutbox(memoryOutbox(new Map()))
    await drain(outbox, sink(9), always)
    expect(outbox.oldestUnsentEnd()).toBeNull()
  })

  it('is the one that ended first, of whichever shard, when the sink takes nothing', async () => {
    const outbox = watchedOutbox(memoryOutbox(asMap(), 4))
    await expect(drain(outbox, sink(0), always)).rejects.toThrow('took 0 of 4')
    expect(outbox.oldestUnsentEnd()).toBe(20_000)
  })

  it('is what is left when the sink takes some', async () => {
    const outbox = watchedOutbox(memoryOutbox(asMap(), 4))
    await expect(drain(outbox, sink(3), always)).rejects.toThrow('took 3 of 4')
    expect(outbox.oldestUnsentEnd()).toBe(40_000)
  })

  it('is one behind a gap in its chain, which a run passes by', async () => {
    const kept = asMap()
    const outbox = watchedOutbox({
      ...memoryOutbox(kept),
      isSent: async () => false,
      unsent: async function* () {
        yield [part('b', 1, 40_000)]
      },
    })
    expect(await drain(outbox, sink(9), always)).toBe(0)
    expect(outbox.oldestUnsentEnd()).toBe(40_000)
  })

  it('is unknown again when the outbox can no longer be read', async () => {
    const plain = memoryOutbox(asMap())
    let isDown = false
    const outbox = watchedOutbox({
      ...plain,
      unsent: async function* () {
        if (isDown) throw new Error('the table is down')
        yield* plain.unsent()
      },
    })
    await drain(outbox, sink(9), always)
    isDown = true
    await expect(drain(outbox, sink(9), always)).rejects.toThrow('the table is down')
    expect(outbox.oldestUnsentEnd()).toBeUndefined()
  })
})
