import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isBefore,
  parseSequenceNumber,
  sequenceNumber,
  sequencePrefix,
} from '../../../../infra/local/kinesis/sequence-number.ts'

const parts = fc.record({
  boot: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  ordinal: fc.integer({ min: 0, max: 999_999_999_999_999 }),
})
const createdAt = fc.integer({ min: 1_700_000_000_000, max: 4_102_444_800_000 })
const shard = fc.integer({ min: 0, max: 999_999 })

test('a sequence number has 56 digits, as on AWS, and satisfies its pattern', () => {
  fc.assert(
    fc.property(createdAt, shard, parts, (created, index, { boot, ordinal }) => {
      expect(sequenceNumber(sequencePrefix(created, index), boot, ordinal)).toMatch(/^[1-9]\d{55}$/)
    }),
  )
})

test('a sequence number gives its parts back, in its own shard only', () => {
  fc.assert(
    fc.property(createdAt, shard, parts, (created, index, { boot, ordinal }) => {
      const number = sequenceNumber(sequencePrefix(created, index), boot, ordinal)
      expect(parseSequenceNumber(sequencePrefix(created, index), number)).toEqual({ boot, ordinal })
      expect(parseSequenceNumber(sequencePrefix(created, index + 1), number)).toBeUndefined()
      expect(parseSequenceNumber(sequencePrefix(created + 1000, index), number)).toBeUndefined()
    }),
  )
})

test('numbers of a shard are ordered by start and ordinal, as numbers and as text', () => {
  const prefix = sequencePrefix(1_790_000_000_000, 3)
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const [first, second] = [left, right].map(({ boot, ordinal }) => sequenceNumber(prefix, boot, ordinal))
      expect(BigInt(first ?? 0) < BigInt(second ?? 0)).toBe(isBefore(left, right))
      expect((first ?? '') < (second ?? '')).toBe(isBefore(left, right))
    }),
  )
})

test.each(['', '0', '49', 'x'.repeat(56), `${'4'.repeat(57)}`])(
  "'%s' is no sequence number of a shard",
  (text) => {
    expect(parseSequenceNumber(sequencePrefix(1_790_000_000_000, 0), text)).toBeUndefined()
  },
)
