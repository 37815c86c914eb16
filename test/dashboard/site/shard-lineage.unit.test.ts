import { describe, expect, test } from 'vitest'
import type { StreamShardView } from '../../../dashboard/read-model.ts'
import { lineage } from '../../../dashboard/site/model/shard-lineage.ts'
import { asOf, sampleShard, shardId } from './sample-stats.ts'

const open = (number: number, ...parents: number[]): StreamShardView =>
  sampleShard(number, { parents: parents.map(shardId) })

const ended = (number: number, ...parents: number[]): StreamShardView =>
  sampleShard(number, { parents: parents.map(shardId), open: false, traffic: null })

/** Ended without a vote: never got one, or so long ago that nobody asks any more. */
const quiet = (shard: StreamShardView, lastArrival: number | null = null): StreamShardView => ({
  ...shard,
  lastArrival,
})

const texts = (...shards: StreamShardView[]): string[] =>
  lineage({ shards, asOf }).changes.map(({ ended, open, kind }) => `${ended} → ${open} ${kind}`)

describe('the lineage of shards', () => {
  test('a split goes from one shard to two', () => {
    expect(texts(ended(4), open(5), open(8, 4), open(9, 4))).toEqual(['4 → 8 and 9 split'])
  })

  test('a merge goes from two shards to one', () => {
    expect(texts(ended(8), ended(9), open(12, 8, 9))).toEqual(['8 + 9 → 12 merged'])
  })

  test('a merge names also the shard that had no votes, and the one that is gone already', () => {
    expect(texts(ended(8), quiet(ended(9)), open(12, 8, 9))).toEqual(['8 + 9 → 12 merged'])
    expect(texts(ended(8), open(12, 8, 9))).toEqual(['8 + 9 → 12 merged'])
  })

  test('shards that lived between two steps of uniform scaling are passed over', () => {
    // 2 shards to 3, each a third of the keys: 1 → 2 + 3, 0 → 4 + 5, then the inner two become one.
    const steps = [ended(0), ended(1), quiet(ended(2, 1)), open(3, 1), open(4, 0), ended(5, 0)]
    expect(texts(...steps, open(6, 5, 2))).toEqual(['0 + 1 → 3, 4 and 6 resharded'])
  })

  test('a shard split twice goes to all that are open now', () => {
    expect(texts(ended(0), ended(1, 0), open(2, 0), open(3, 1), open(4, 1))).toEqual(['0 → 2, 3 and 4 split'])
  })

  test('a change long ago is not told, nor as the origin of one of today', () => {
    const old = quiet(ended(0), asOf - 20 * 60_000)
    expect(texts(old, open(1, 0), open(2, 0))).toEqual([])
    expect(texts(old, ended(1, 0), open(2, 0), open(3, 1), open(4, 1))).toEqual(['1 → 3 and 4 split'])
  })

  test('without resharding, or with parents that are gone, there is nothing to tell', () => {
    expect(texts(open(0), open(1))).toEqual([])
    expect(texts(open(5, 2, 3), open(6, 4))).toEqual([])
    expect(texts(ended(0))).toEqual([])
  })

  test('the newest dozen is told, newest first, and the older ones are a number', () => {
    const splits = Array.from({ length: 20 }, (_, n) => [
      ended(n),
      open(20 + 2 * n, n),
      open(21 + 2 * n, n),
    ]).flat()
    const { changes, more } = lineage({ shards: splits, asOf })
    expect(changes).toHaveLength(12)
    expect(changes[0]).toEqual({ ended: '19', open: '58 and 59', kind: 'split' })
    expect(more).toBe(8)
  })

  test('a change of very many shards names four on each side', () => {
    const parents = Array.from({ length: 30 }, (_, n) => n)
    expect(texts(...parents.map((n) => ended(n)), open(40, ...parents), open(41, 0))).toEqual([
      '0 + 1 + 2 + 3 + 26 more → 40 and 41 resharded',
    ])
    expect(texts(ended(0), ...[1, 2, 3, 4, 5].map((n) => open(n, 0)))).toEqual([
      '0 → 1, 2, 3, 4 and 1 more split',
    ])
  })
})
