import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenRanges, hashOfKey, splitRange } from '../../../../infra/local/kinesis/hash-key.ts'
import { routesOf } from '../../../../infra/local/kinesis/routes.ts'
import type { Shard } from '../../../../infra/local/kinesis/shard.ts'
import { openTraffic } from '../../../../infra/local/kinesis/traffic.ts'
import { noWriteLimit } from '../../../../infra/local/kinesis/write-limit.ts'

const shardsOf = (ranges: readonly { start: string; end: string }[]): Shard[] =>
  // Routing looks at the ranges alone.
  ranges.map((range, index) => ({
    index,
    range,
    id: `${index}`,
    prefix: '',
    log: {} as Shard['log'],
    limit: noWriteLimit,
    traffic: openTraffic(0),
  }))

test('a partition key goes where its whole hash goes, however long it is', () => {
  const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 50 }), (key, count) => {
      const routes = routesOf(shardsOf(evenRanges(count)))
      expect(routes.toKey(key)).toBe(routes.to(hashOfKey(key)))
    }),
  )
})

test('a range that begins at the hash of a key takes it, and one that begins behind it does not', () => {
  const hash = hashOfKey('a key')
  const cutAt = (at: string) => routesOf(shardsOf(evenRanges(1).flatMap((range) => splitRange(range, at))))
  const next = (BigInt(`0x${hash}`) + 1n).toString(16).padStart(32, '0')
  expect(cutAt(hash).toKey('a key')?.index).toBe(1)
  expect(cutAt(next).toKey('a key')?.index).toBe(0)
})
