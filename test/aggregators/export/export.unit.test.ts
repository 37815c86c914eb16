import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PollLine } from '../../../aggregators/archive-line.ts'
import { drain } from '../../../aggregators/export/drain.ts'
import { type ExportPorts, exporter } from '../../../aggregators/export/export-parts.ts'
import type { WindowSink } from '../../../aggregators/export/window-sink.ts'
import { emptyLedger, type Ledger, seal } from '../../../aggregators/ledger.ts'
import { type SealedPart, sealPart } from '../../../aggregators/part.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll } from '../arrivals.ts'
import { crashing } from '../crashing.ts'
import { memoryCountStore } from '../memory-count-store.ts'
import { memoryOutbox } from './memory-outbox.ts'

const window = { start: 0, end: 5000 }
const openPart = (at = 1) => ({
  window,
  first: `${at}`,
  last: `${at}`,
  records: 1,
  runs: [],
  digest: '',
  polls: {},
  rejected: {},
})

const chainOf = (shardId: string, length: number): SealedPart[] => {
  const parts: SealedPart[] = []
  for (let number = 0; number < length; number += 1)
    parts.push(sealPart(shardId, number, parts.at(-1)?.hash ?? '0'.repeat(64), openPart(number + 1)))
  return parts
}

const asMap = (parts: readonly SealedPart[]): Map<string, SealedPart> =>
  new Map(parts.map((part) => [`${part.shardId}#${part.number}`, part]))

/** A sink that notes what it takes. `takes`: how many of a request's parts, once for each request; all without it. */
const aSink = (takes: (number | 'down')[] = []): WindowSink & { got: SealedPart[] } => {
  const got: SealedPart[] = []
  return {
    name: 'a sink',
    got,
    send: async (parts) => {
      const take = takes.shift() ?? parts.length
      if (take === 'down') throw new Error('the sink is down')
      got.push(...parts.slice(0, take))
      return parts.slice(0, take)
    },
  }
}

const always = (): boolean => true

describe('draining an outbox', () => {
  it('sends each shard in the order of its chain, whatever is taken, fails or crashes', async () => {
    const attempt = fc.record({
      takes: fc.array(fc.oneof(fc.nat(4), fc.constant('down' as const)), { maxLength: 4 }),
      crash: fc.option(fc.record({ call: fc.integer({ min: 1, max: 12 }), after: fc.boolean() }), {
        nil: undefined,
      }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(attempt, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (attempts, pageSize) => {
          const parts = [...chainOf('a', 5), ...chainOf('b', 1), ...chainOf('c', 3)]
          const outbox = memoryOutbox(asMap(parts), pageSize)
          const got: SealedPart[] = []
          for (const { takes, crash } of [...attempts, { takes: [], crash: undefined }]) {
            const sink = aSink(takes)
            await drain({ ...crashing(outbox, crash), unsent: outbox.unsent }, sink, always).catch(() => {})
            got.push(...sink.got)
          }
          for (const shardId of ['a', 'b', 'c']) {
            let highest = -1
            for (const { number } of got.filter((part) => part.shardId === shardId)) {
              expect(number).toBeLessThanOrEqual(highest + 1)
              highest = Math.max(highest, number)
            }
            expect(highest).toBe(parts.filter((part) => part.shardId === shardId).length - 1)
          }
          expect(outbox.sent.size).toBe(parts.length)
        },
      ),
    )
  })

  it('leaves alone what its index shows before its predecessor is sent', async () => {
    const [first, second] = chainOf('a', 2)
    const parts = asMap([first as SealedPart, second as SealedPart])
    const outbox = memoryOutbox(parts)
    const late = {
      ...outbox,
      unsent: async function* () {
        yield [second as SealedPart]
      },
    }
    const sink = aSink()
    expect(await drain(late, sink, always)).toBe(0)
    expect(sink.got).toEqual([])
  })
})

const finalPoll = (): Poll => ({
  ...aPoll({ shards: ['a', 'b'], closedAt: 10, finalAt: 20 }),
  result: {
    counts: {},
    rejected: {},
    shards: {},
    newestArrival: null,
    unproved: [],
    latency: { histogram: '', clamped: 0 },
  },
})

const anExporter = (polls: Poll[] = [], timeSeries?: WindowSink) => {
  const store = memoryCountStore(polls, () => 30)
  const clock = { now: 10_000 }
  const outbox = memoryOutbox(store.parts)
  const sink = aSink()
  const lines: string[] = []
  const ports: ExportPorts = {
    store,
    archive: { outbox, sink, sendLine: async (line) => void lines.push(line) },
    timeSeries: timeSeries && { outbox: memoryOutbox(store.parts), sink: timeSeries },
    now: () => clock.now,
  }
  return { store, clock, outbox, sink, lines, run: exporter(ports) }
}

const aLedger = (shardId: string, changes: Partial<Ledger> = {}): Ledger => ({
  ...emptyLedger(shardId),
  revision: 1,
  ...changes,
})

describe('exporting', () => {
  it('seals an open part whose window ended over two minutes ago, and no younger one', async () => {
    const { store, clock, sink, run } = anExporter()
    await store.putLedger(aLedger('a', { open: openPart() }))
    clock.now = window.end + 120_000
    await run(always)
    expect(sink.got).toEqual([])
    clock.now += 15_000
    await run(always)
    expect(sink.got.map(({ shardId, number }) => [shardId, number])).toEqual([['a', 0]])
    expect(await store.readLedger('a')).toMatchObject({ open: null, parts: 1, revision: 2 })
  })

  it('writes the WINDOW item that a crash left in a ledger, two minutes later, and then leaves that ledger alone', async () => {
    const { store, sink, clock, run } = anExporter()
    clock.now = window.end + 120_001
    await store.putLedger(seal(aLedger('a', { open: openPart() })))
    expect(store.parts.size).toBe(0)
    await run(always)
    expect(sink.got).toHaveLength(1)
    // As when its WINDOW item has expired.
    store.parts.clear()
    clock.now += 30 * 86_400_000
    await run(always)
    expect(store.parts.size).toBe(0)
  })

  it('of one poll whose ledger cannot be sealed holds up no part and no other poll', async () => {
    const other = { ...finalPoll(), id: 'other', shards: ['b'] }
    const { store, sink, lines, run } = anExporter([finalPoll(), other])
    await store.putLedger(aLedger('b', { open: openPart() }))
    const readLedger = store.readLedger
    store.readLedger = async (id) => {
      if (id === 'a') throw new Error('as the test wants it')
      return readLedger(id)
    }
    await expect(run(always)).rejects.toThrow('as the test wants it')
    expect(sink.got).toHaveLength(1)
    expect(lines.map((line) => JSON.parse(line).poll.id)).toEqual(['other'])
  })

  it("seals a final poll's open parts and sends its last line once, behind its parts", async () => {
    const { store, sink, lines, run } = anExporter([finalPoll()])
    await store.putLedger(aLedger('a', { open: openPart() }))
    await store.putLedger(aLedger('b'))
    expect(await run(always)).toEqual({ toArchive: 1, toTimeSeries: 0, lastLines: ['final'] })
    expect(await run(always)).toEqual({ toArchive: 0, toTimeSeries: 0, lastLines: [] })
    const line: PollLine = JSON.parse(lines.join(''))
    const [part] = sink.got
    expect(line).toMatchObject({
      kind: 'poll',
      poll: { id: 'final', closedAt: 10, finalAt: 20, shards: ['a', 'b'] },
      heads: { a: { parts: 1, head: part?.hash }, b: { parts: 0, head: '0'.repeat(64) } },
    })
    expect(store.polls.get('final')?.exportedAt).toBe(30)
  })

  it('fixes the heads once: parts that come later are not in them', async () => {
    const { store, outbox, lines, run } = anExporter([finalPoll()])
    await store.putLedger(aLedger('a', { open: openPart() }))
    await store.putLedger(aLedger('b'))
    const isSent = outbox.isSent
    outbox.isSent = async () => false
    await run(always)
    expect(lines).toEqual([])
    const ledger = (await store.readLedger('a')) as Ledger
    await store.putLedger({ ...ledger, sealed: null, revision: ledger.revision + 1, open: openPart(2) })
    outbox.isSent = isSent
    await run(always)
    expect(JSON.parse(lines.join('')).heads.a.parts).toBe(1)
  })

  it('goes on with the archive while the time series is down, and says so', async () => {
    const { store, sink, clock, run } = anExporter([], aSink(['down', 'down']))
    clock.now = window.end + 120_001
    await store.putLedger(seal(aLedger('a', { open: openPart() })))
    await expect(run(always)).rejects.toThrow('the sink is down')
    expect(sink.got).toHaveLength(1)
  })
})
