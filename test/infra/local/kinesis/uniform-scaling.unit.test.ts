import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  areAdjacent,
  evenRanges,
  type HashRange,
  maxHashKey,
  rangesFrom,
  splitRange,
} from '../../../../infra/local/kinesis/hash-key.ts'
import { planReshard, type Reshard } from '../../../../infra/local/kinesis/reshard.ts'
import { isOpen, type ShardRecord, shardId } from '../../../../infra/local/kinesis/shard.ts'
import { planUniformScaling, uniformRanges } from '../../../../infra/local/kinesis/uniform-scaling.ts'

const createdAt = 1_790_000_000_000
const endedAt = createdAt + 1000

const shardsOf = (ranges: readonly HashRange[]): ShardRecord[] =>
  ranges.map((range, index) => ({ index, range }))

const scaled = (shards: readonly ShardRecord[], count: number): Reshard => {
  const plan = planReshard(shards, { createdAt, boot: 1 }, endedAt)
  planUniformScaling(plan, count)
  return plan.outcome()
}

const byStart = (left: ShardRecord, right: ShardRecord): number =>
  left.range.start < right.range.start ? -1 : 1

const openRanges = ({ shards }: Reshard): HashRange[] =>
  shards
    .filter(isOpen)
    .sort(byStart)
    .map(({ range }) => range)

const lineage = ({ index, parent, adjacentParent }: ShardRecord) => [shardId(index), parent, adjacentParent]

//  0         1/6   1/4   1/3         1/2         2/3   3/4   5/6          1
//  |------- 0 -------|------- 1 ------|------- 2 -------|------- 3 -------|
//  |--- 4 ---|-- 5 --|-- 6 --|-- 7 ---|--- 8 ---|-- 9 --|-- 10 -|-- 11 ---|
//            |----- 12 ------|                  |----- 13 ------|
test('from four shards to six goes by four splits and two merges', () => {
  const { children } = scaled(shardsOf(evenRanges(4)), 6)
  expect(children.map(lineage)).toEqual([
    [shardId(4), shardId(0), undefined],
    [shardId(5), shardId(0), undefined],
    [shardId(6), shardId(1), undefined],
    [shardId(7), shardId(1), undefined],
    [shardId(8), shardId(2), undefined],
    [shardId(9), shardId(2), undefined],
    [shardId(10), shardId(3), undefined],
    [shardId(11), shardId(3), undefined],
    [shardId(12), shardId(5), shardId(6)],
    [shardId(13), shardId(9), shardId(10)],
  ])
  expect(children.filter((shard) => !isOpen(shard)).map(({ index }) => index)).toEqual([5, 6, 9, 10])
})

test('doubling is one split a shard, halving one merge a pair', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
      const doubled = scaled(shardsOf(evenRanges(count)), 2 * count)
      const parents = Array.from({ length: 2 * count }, (_, at) => shardId(Math.floor(at / 2)))
      expect(doubled.children.map(({ parent }) => parent)).toEqual(parents)
      const halved = scaled(doubled.shards, count)
      expect(halved.children).toHaveLength(count)
      expect(openRanges(halved)).toEqual(evenRanges(count))
      const atOnce = scaled(shardsOf(evenRanges(2 * count)), count)
      expect(atOnce.children.map(lineage)).toEqual(
        Array.from({ length: count }, (_, at) => [2 * count + at, 2 * at, 2 * at + 1].map(shardId)),
      )
    }),
    { numRuns: 60 },
  )
})

test('no scaling makes a shard that is narrower than a millionth of the hash keys', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 8 }), (counts) => {
      let outcome = scaled(shardsOf(evenRanges(counts[0] ?? 1)), counts[1] ?? 1)
      for (const count of counts.slice(2)) outcome = scaled(outcome.shards, count)
      for (const { range } of outcome.shards)
        expect(BigInt(`0x${range.end}`) - BigInt(`0x${range.start}`)).toBeGreaterThan(maxHashKey / 1_000_000n)
    }),
  )
})

test('the first range begins at 0, also when a shard of a few keys is there', () => {
  const [first, ...others] = evenRanges(3)
  if (first === undefined) throw new Error('there is one')
  const five = '5'.padStart(32, '0')
  const shards = shardsOf([...splitRange(first, five), ...others])
  expect(openRanges(scaled(shards, 3))).toEqual(evenRanges(3))
})

test('shards that are uniform already are left alone', () => {
  expect(scaled(shardsOf(evenRanges(5)), 5).children).toEqual([])
})

const keysApart = (left: string, right: string): bigint => {
  const apart = BigInt(`0x${left}`) - BigInt(`0x${right}`)
  return apart < 0n ? -apart : apart
}

/** Shards whose ranges begin at any hash keys at all. */
const anyShards = fc
  .uniqueArray(fc.bigInt({ min: 1n, max: maxHashKey }), { maxLength: 20 })
  .map((starts) => shardsOf(rangesFrom([0n, ...starts].sort((left, right) => (left < right ? -1 : 1)))))

test('whatever the shards were, the open ones share the hash keys out evenly, and children have what their parents had', () => {
  fc.assert(
    fc.property(anyShards, fc.integer({ min: 1, max: 40 }), (before, count) => {
      const outcome = scaled(before, count)
      expect(openRanges(outcome)).toEqual(uniformRanges(before, count))
      for (const [at, { start }] of openRanges(outcome).entries())
        expect(keysApart(start, evenRanges(count)[at]?.start ?? '')).toBeLessThanOrEqual(2n ** 64n)
      const ids = outcome.shards.map(({ index }) => index)
      expect(ids).toEqual(ids.map((_, at) => at))
      for (const shard of outcome.shards) {
        const id = shardId(shard.index)
        const children = outcome.shards
          .filter(({ parent, adjacentParent }) => parent === id || adjacentParent === id)
          .sort(byStart)
        expect(isOpen(shard)).toBe(children.length === 0)
        expect(outcome.endings.has(shard.index)).toBe(!isOpen(shard))
        const [lower, upper] = children
        if (lower === undefined) continue
        if (upper === undefined) {
          // A merge: the child begins or ends where the parent does.
          expect(lower.adjacentParent).toBeDefined()
          if (lower.parent === id) expect(lower.range.start).toBe(shard.range.start)
          else expect(lower.range.end).toBe(shard.range.end)
        } else {
          expect([lower.range.start, upper.range.end]).toEqual([shard.range.start, shard.range.end])
          expect(areAdjacent(lower.range, upper.range)).toBe(true)
          expect(children).toHaveLength(2)
        }
      }
    }),
  )
})

test('a shard cannot be ended twice by one plan', () => {
  const [shard] = shardsOf(evenRanges(1))
  if (shard === undefined) throw new Error('there is one')
  const plan = planReshard([shard], { createdAt, boot: 1 }, endedAt)
  plan.replace([shard], evenRanges(2))
  expect(() => plan.replace([shard], evenRanges(2))).toThrow(`${shardId(0)} is not open`)
})
