import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverageFaults, faultText, type KeyRange, lastHashKey } from '../../../load/shards/coverage.ts'

const whole: KeyRange = { shardId: 'shard-0', start: 0n, end: lastHashKey }

/** A stream after so many splits and merges, chosen by numbers from 0 to 1. */
const resharded = (choices: readonly { merge: boolean; which: number; where: bigint }[]): KeyRange[] => {
  let ranges = [whole]
  choices.forEach(({ merge, which, where }, at) => {
    const index = Math.floor(which * ranges.length)
    const [one, next] = [ranges[index], ranges[index + 1]]
    if (one === undefined) return
    const shardId = `shard-${at + 1}`
    if (merge && next !== undefined)
      ranges = ranges.toSpliced(index, 2, { shardId, start: one.start, end: next.end })
    else if (!merge && one.start < one.end) {
      const cut = one.start + (where % (one.end - one.start)) + 1n
      const parts = [
        { shardId, start: one.start, end: cut - 1n },
        { shardId: `${shardId}b`, start: cut, end: one.end },
      ]
      ranges = ranges.toSpliced(index, 1, ...parts)
    }
  })
  return ranges
}

const someRanges = fc
  .array(
    fc.record({
      merge: fc.boolean(),
      which: fc.double({ min: 0, max: 0.999, noNaN: true }),
      where: fc.bigInt({ min: 0n, max: lastHashKey }),
    }),
    { minLength: 3, maxLength: 30 },
  )
  .map(resharded)

const shuffled = someRanges.chain((ranges) =>
  fc.shuffledSubarray(ranges, { minLength: ranges.length, maxLength: ranges.length }),
)

describe('the open shards', () => {
  it('cover every hash key once after any splits and merges, in whatever order they are listed', () => {
    fc.assert(
      fc.property(shuffled, (ranges) => {
        expect(coverageFaults(ranges)).toEqual([])
      }),
    )
  })

  it('leave a gap of just the keys of a shard that is missing', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(), (ranges, which) => {
        const [gone] = ranges.splice(which % ranges.length, 1)
        expect(coverageFaults(ranges)).toMatchObject([{ kind: 'gap', start: gone?.start, end: gone?.end }])
      }),
    )
  })

  it('overlap where a parent is still open beside a child', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(), (ranges, which) => {
        const child = ranges[which % ranges.length] ?? whole
        const faults = coverageFaults([...ranges, { ...child, shardId: 'twin' }])
        expect(faults).toMatchObject([{ kind: 'overlap', start: child.start, end: child.end }])
        expect(faults[0]?.shards.toSorted()).toEqual([child.shardId, 'twin'].toSorted())
      }),
    )
  })

  //  a |-----|
  //  b    |-----|
  //  c            |-- … (the last key is nobody's)
  it('are told with each key that is nobody’s or more than one’s', () => {
    const faults = coverageFaults([
      { shardId: 'c', start: 30n, end: lastHashKey - 1n },
      { shardId: 'a', start: 0n, end: 9n },
      { shardId: 'b', start: 5n, end: 19n },
    ])
    expect(faults.map(faultText)).toEqual([
      'hash keys 5 to 9 belong to more than one open shard: a and b',
      'hash keys 20 to 29 belong to no open shard (beside b and c)',
      `hash keys ${lastHashKey} to ${lastHashKey} belong to no open shard (beside c)`,
    ])
    expect(coverageFaults([])).toEqual([{ kind: 'gap', start: 0n, end: lastHashKey, shards: [] }])
  })
})
