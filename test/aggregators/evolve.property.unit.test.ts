import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ArrivedRecord, evolve } from '../../aggregators/evolve.ts'
import { type Ledger, seal } from '../../aggregators/ledger.ts'
import { genesisHash, partHash, readPart, type SealedPart } from '../../aggregators/part.ts'
import { sum } from '../../aggregators/tally.ts'
import {
  aLedger,
  aPoll,
  defined,
  digestOf,
  marker,
  sequenceAt,
  shardId,
  unreadable,
  vote,
  votes,
} from './arrivals.ts'

const closing = aPoll({ id: 'closing', shards: [shardId], closedAt: 1 })
const polls = defined(aPoll({ opensAt: 1100, closesAt: 5000 }), aPoll({ id: 'other' }), closing)
const windowMs = 500

/** A shard's records in order, with every kind of trouble. */
const shardRecords = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 300 }),
      kind: fc.constantFrom('vote', 'vote', 'vote', 'batch', 'unreadable', 'marker'),
      option: fc.constantFrom('ana', 'bia', 'eva'),
      poll: fc.constantFrom('final', 'other', 'closing', 'nowhere'),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let arrival = 900
    return steps.map(({ gap, kind, option, poll }, at): ArrivedRecord => {
      arrival += gap
      const order = at + 1
      if (kind === 'unreadable') return { ...unreadable(order), arrival }
      if (kind === 'marker') return { ...marker(order, closing), arrival }
      return kind === 'batch'
        ? votes(order, [option, 'ana', 'bia'], poll, arrival)
        : vote(order, option, poll, arrival)
    })
  })

const windowOf = ({ arrival }: ArrivedRecord) => {
  const start = Math.floor(arrival / windowMs) * windowMs
  return { start, end: start + windowMs }
}

/** Folds deliveries as a mapping cuts them: each batch within one window; gives the ledger and every part sealed. */
const deliver = (deliveries: readonly (readonly ArrivedRecord[])[]) => {
  let ledger: Ledger = aLedger()
  const sealed: SealedPart[] = []
  const keep = (next: Ledger): void => {
    if (next.sealed && next !== ledger) sealed.push(next.sealed)
    ledger = next
  }
  for (const delivery of deliveries)
    for (const batch of byWindow(delivery)) {
      const [first] = batch
      if (first) keep(evolve(ledger, { window: windowOf(first), records: batch, countedAt: 10_000 }, polls))
    }
  if (ledger.open) keep(seal(ledger))
  return { ledger, sealed }
}

const byWindow = (records: readonly ArrivedRecord[]): ArrivedRecord[][] => {
  const batches: ArrivedRecord[][] = []
  for (const record of records) {
    const last = batches.at(-1)
    if (last?.[0] && windowOf(last[0]).start === windowOf(record).start) last.push(record)
    else batches.push([record])
  }
  return batches
}

const totals = ({ entries, lifetime, checkpoint }: Ledger) => ({ entries, lifetime, checkpoint })

const votesIn = (records: readonly ArrivedRecord[]): number =>
  records.reduce(
    (n, { body }) => n + (body.kind === 'votes' ? body.votes.length : body.kind === 'close' ? 0 : body.n),
    0,
  )

/** Cuts and replays: consecutive batches that each may step back any number of records. */
const deliveries = shardRecords.chain((records) =>
  fc
    .array(fc.record({ size: fc.integer({ min: 1, max: 20 }), back: fc.nat({ max: 25 }) }), { maxLength: 30 })
    .map((cuts) => {
      const batches: ArrivedRecord[][] = []
      let read = 0
      for (const { size, back } of cuts) {
        const from = Math.max(0, read - back)
        batches.push(records.slice(from, from + size))
        read = Math.max(read, Math.min(records.length, from + size))
      }
      batches.push(records.slice(read))
      return { records, batches }
    }),
)

describe('the fold, whatever the delivery', () => {
  it('any split into batches and any replay of any suffix give the same counts', () => {
    fc.assert(
      fc.property(deliveries, ({ records, batches }) => {
        expect(totals(deliver(batches).ledger)).toEqual(totals(deliver([records]).ledger))
      }),
      { numRuns: 300 },
    )
  })

  it('counted and rejected together are what was received', () => {
    fc.assert(
      fc.property(deliveries, ({ records, batches }) => {
        const { lifetime } = deliver(batches).ledger
        expect(lifetime.counted + sum(lifetime.rejected)).toBe(votesIn(records))
      }),
    )
  })

  it('every record lies in exactly one part, which has its digest, and parts follow one another in an unbroken chain', () => {
    fc.assert(
      fc.property(deliveries, ({ records, batches }) => {
        const { sealed, ledger } = deliver(batches)
        let head = genesisHash
        let read = 0
        for (const [number, part] of sealed.entries()) {
          const body = readPart(part)
          expect(body.part).toBe(number)
          expect(part.hash).toBe(partHash(head, part.bytes))
          const covered = records.slice(read, read + body.records)
          expect([body.first, body.last]).toEqual([
            covered[0]?.sequenceNumber,
            covered.at(-1)?.sequenceNumber,
          ])
          expect(body.runs.reduce((all, run) => all + run, 0)).toBe(body.records)
          expect(body.digest).toBe(digestOf(covered, body.runs))
          head = part.hash
          read += body.records
        }
        expect(read).toBe(records.length)
        expect(ledger.head).toBe(head)
      }),
    )
  })

  it('the parts add up to what the ledger counted', () => {
    fc.assert(
      fc.property(deliveries, ({ batches }) => {
        const { sealed, ledger } = deliver(batches)
        const bodies = sealed.map(readPart)
        const counted = bodies.flatMap(({ polls }) => Object.values(polls).map(({ counts }) => sum(counts)))
        const rejected = bodies.flatMap(({ polls, rejected }) => [
          sum(rejected),
          ...Object.values(polls).map((tally) => sum(tally.rejected)),
        ])
        const total = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0)
        expect(total(counted)).toBe(ledger.lifetime.counted)
        expect(total(rejected)).toBe(sum(ledger.lifetime.rejected))
      }),
    )
  })

  it('folding changes nothing of the ledger it started from', () => {
    fc.assert(
      fc.property(shardRecords, shardRecords, (first, second) => {
        const { ledger } = deliver([first])
        const before = JSON.stringify(ledger)
        const renumbered = second.map((record, at) => ({
          ...record,
          sequenceNumber: sequenceAt(1000 + at),
        }))
        evolve(ledger, { window: { start: 0, end: 1 }, records: renumbered, countedAt: 1 }, polls)
        expect(JSON.stringify(ledger)).toBe(before)
      }),
    )
  })
})
