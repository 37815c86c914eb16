import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextShardCount, shardSteps } from '../../../load/shards/steps.ts'

describe('the steps from one shard count to another', () => {
  it('double on the way up and halve on the way down', () => {
    expect(shardSteps(4, 25)).toEqual([8, 16, 25])
    expect(shardSteps(25, 4)).toEqual([13, 7, 4])
    expect(shardSteps(7, 7)).toEqual([])
    expect(nextShardCount(7, 7)).toBe(7)
  })

  it.each([
    [0, 20],
    [4, 0],
  ])('from %i to %i do not exist', (from, to) => {
    expect(() => shardSteps(from, to)).toThrow(`no steps from ${from} to ${to} shards`)
  })

  it('are all legal, lead there, and are as few as there can be', () => {
    const count = fc.integer({ min: 1, max: 10_000 })
    fc.assert(
      fc.property(count, count, (from, to) => {
        const steps = shardSteps(from, to)
        expect(steps.at(-1) ?? from).toBe(to)
        steps.forEach((next, at) => {
          const before = steps[at - 1] ?? from
          expect(next <= before * 2 && next * 2 >= before).toBe(true)
        })
        const fewest = Math.ceil(Math.abs(Math.log2(to / from)) - 1e-9)
        // Halves are rounded up, so that the way down may need one step more than the logarithm says.
        expect(steps.length - fewest).toBeLessThanOrEqual(to < from ? 1 : 0)
      }),
    )
  })
})
