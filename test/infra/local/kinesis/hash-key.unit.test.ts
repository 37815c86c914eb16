import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  areAdjacent,
  evenRanges,
  type HashRange,
  hashFromDecimal,
  hashOfKey,
  hashToDecimal,
  joinRanges,
  maxHashKey,
  splitRange,
} from '../../../../infra/local/kinesis/hash-key.ts'

const hashKey = fc.bigInt({ min: 0n, max: maxHashKey })

/** What Kinesis documents, with whole numbers: MD5 as an unsigned 128-bit integer. */
const referenceHash = (partitionKey: string): bigint => {
  let value = 0n
  for (const byte of createHash('md5').update(partitionKey, 'utf8').digest())
    value = value * 256n + BigInt(byte)
  return value
}

test('a partition key hashes to its MD5 as a 128-bit number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }), (key) => {
      expect(BigInt(`0x${hashOfKey(key)}`)).toBe(referenceHash(key))
    }),
  )
})

test('hash keys compare as text in the order of the numbers they are', () => {
  fc.assert(
    fc.property(hashKey, hashKey, (left, right) => {
      const inText = hashFromDecimal(String(left)) < hashFromDecimal(String(right))
      expect(inText).toBe(left < right)
    }),
  )
})

test('decimal and inner form translate into each other', () => {
  fc.assert(fc.property(hashKey, (key) => hashToDecimal(hashFromDecimal(String(key))) === String(key)))
})

test('the ranges of any number of shards cover every hash key once, evenly but for the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (count) => {
      const ranges = evenRanges(count).map(
        ({ start, end }) => [BigInt(`0x${start}`), BigInt(`0x${end}`)] as const,
      )
      expect(ranges).toHaveLength(count)
      expect(ranges[0]?.[0]).toBe(0n)
      expect(ranges.at(-1)?.[1]).toBe(maxHashKey)
      for (const [index, [start]] of ranges.entries())
        if (index > 0) expect(start).toBe((ranges[index - 1]?.[1] ?? -2n) + 1n)
      const widths = new Set(ranges.slice(0, -1).map(([start, end]) => end - start))
      expect(widths.size).toBeLessThanOrEqual(1)
    }),
    { numRuns: 30 },
  )
})

test('three shards have the ranges that AWS shows for three shards', () => {
  expect(evenRanges(3).map(({ start, end }) => [hashToDecimal(start), hashToDecimal(end)])).toEqual([
    ['0', '113427455640312821154458202477256070484'],
    ['113427455640312821154458202477256070485', '226854911280625642308916404954512140969'],
    ['226854911280625642308916404954512140970', '340282366920938463463374607431768211455'],
  ])
})

test('a range split at any key but its first gives two that are adjacent and join to it again', () => {
  const three = fc.uniqueArray(hashKey, { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(three, (keys) => {
      const [start, at, end] = keys.map((key) => hashFromDecimal(String(key))).sort() as [
        string,
        string,
        string,
      ]
      for (const cut of [at, end]) {
        const [lower, upper] = splitRange({ start, end }, cut)
        expect([lower.start, upper.start, upper.end]).toEqual([start, cut, end])
        expect([areAdjacent(lower, upper), areAdjacent(upper, lower)]).toEqual([true, false])
        expect(joinRanges(lower, upper)).toEqual({ start, end })
      }
    }),
  )
})

test('a range cannot be split at its first key or outside of it, nor joined with one that is apart', () => {
  const [first, second, third] = evenRanges(3) as [HashRange, HashRange, HashRange]
  for (const at of [second.start, first.end, third.start])
    expect(() => splitRange(second, at)).toThrow('does not cut')
  expect(() => joinRanges(first, third)).toThrow('does not follow')
  expect(() => joinRanges(second, first)).toThrow('does not follow')
})
