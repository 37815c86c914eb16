import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partLine } from '../../../aggregators/archive-line.ts'
import {
  type PackablePart,
  type PackingLimits,
  packable,
  packRequest,
} from '../../../aggregators/export/packing.ts'
import { isBeginning, smallPart } from './sink-parts.ts'

/** Parts of made-up lengths: what packing sees of a part is its shard and its bytes. */
const waitingParts: fc.Arbitrary<PackablePart[]> = fc
  .array(fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: 1, max: 100 })), { maxLength: 60 })
  .map((parts) => {
    const next = new Map<number, number>()
    return parts.map(([shard, bytes]) => {
      const number = next.get(shard) ?? 0
      next.set(shard, number + 1)
      return { part: smallPart(shard, number), line: '', bytes }
    })
  })

const anyLimits: fc.Arbitrary<PackingLimits> = fc
  .record({
    recordBytes: fc.integer({ min: 100, max: 300 }),
    requestRecords: fc.integer({ min: 1, max: 4 }),
    requestBytes: fc.integer({ min: 100, max: 600 }),
  })
  .filter(({ recordBytes, requestBytes }) => requestBytes >= recordBytes)

test('every part goes out once, in the order of its shard, within all limits, with no shard twice in a request', () => {
  fc.assert(
    fc.property(waitingParts, anyLimits, (given, limits) => {
      const sent: PackablePart[] = []
      for (let waiting = given; waiting.length > 0; ) {
        const { records, rest } = packRequest(waiting, limits)
        expect(records.length).toBeGreaterThan(0)
        expect(records.length).toBeLessThanOrEqual(limits.requestRecords)
        let requestBytes = 0
        const shards: string[] = []
        for (const { parts, bytes } of records) {
          expect(bytes).toBe(parts.reduce((sum, part) => sum + part.bytes, 0))
          expect(bytes).toBeLessThanOrEqual(limits.recordBytes)
          expect(parts.length).toBeGreaterThan(0)
          shards.push(...new Set(parts.map(({ part }) => part.shardId)))
          requestBytes += bytes
          sent.push(...parts)
        }
        expect(requestBytes).toBeLessThanOrEqual(limits.requestBytes)
        expect(new Set(shards).size).toBe(shards.length)
        expect(
          isBeginning(
            sent.map(({ part }) => part),
            given.map(({ part }) => part),
          ),
        ).toBe(true)
        waiting = rest
      }
      expect(sent.length).toBe(given.length)
      expect(new Set(sent)).toEqual(new Set(given))
    }),
  )
})

test('small parts of many shards share one record', () => {
  const waiting = Array.from({ length: 200 }, (_, shard) => packable(smallPart(shard, 0)))
  const { records, rest } = packRequest(waiting)
  expect(records.map(({ parts }) => parts.length)).toEqual([200])
  expect(rest).toEqual([])
})

test('a part too long for a record is refused with its number and length', () => {
  const part = { ...smallPart(3, 7), bytes: 'x'.repeat(1_024_000) }
  expect(() => packable(part)).toThrow(
    `part 7 of shardId-000000000003 is a line of ${partLine(part).length} bytes; a record holds at most 1024000`,
  )
})
