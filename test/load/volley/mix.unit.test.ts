import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBody } from '../../../ingest/schema.ts'
import { addTally, emptyTally, votesIn } from '../../../load/tally.ts'
import { kindOf } from '../../../load/volley/kind.ts'
import { type Mix, parseWeights, requestKinds } from '../../../load/volley/mix.ts'

const mix: Mix = {
  poll: 'final',
  options: parseWeights('ana=3,bia=1'),
  unknownOptionShare: 0.02,
  unknownPollShare: 0.02,
  batch: 1,
}

test('weights are read as option=weight, 1 where left out', () => {
  expect(parseWeights('ana=3, bia')).toEqual([
    { option: 'ana', weight: 3 },
    { option: 'bia', weight: 1 },
  ])
})

test.each(['', 'ana=', 'ana=0', 'ana=-1', 'ana=x', 'Ana=1', 'ana=1=2', 'ana=Infinity', 'ana,,bia'])(
  '"%s" is refused as weights, naming the part',
  (text) => {
    expect(() => parseWeights(text)).toThrow(/is not an option with a weight/)
  },
)

test('the same seed gives the same votes, another seed others', () => {
  const votes = (seed: number): string[] => {
    const kinds = requestKinds(mix, seed)
    const kind = kindOf(kinds, seed)
    return Array.from({ length: 200 }, (_, n) => kinds[kind(n)]?.body ?? '')
  }
  expect(votes(5)).toEqual(votes(5))
  expect(votes(5)).not.toEqual(votes(6))
})

test('the same seed gives the same batches, another seed others', () => {
  const batches = { ...mix, batch: 50 }
  expect(requestKinds(batches, 5)).toEqual(requestKinds(batches, 5))
  expect(requestKinds(batches, 5)).not.toEqual(requestKinds(batches, 6))
})

test('100,000 single votes hold the shares that were asked for, to half a percent', () => {
  const kinds = requestKinds(mix, 1)
  const kind = kindOf(kinds, 1)
  const sum = emptyTally()
  for (let n = 0; n < 100_000; n++) addTally(sum, kinds[kind(n)]?.tally ?? emptyTally())
  expect(votesIn(sum)).toBe(100_000)
  const share = (votes = 0) => votes / 100_000
  const near = (expected: number) => expect.closeTo(expected, 2)
  expect(share(sum.options.ana)).toEqual(near(0.72))
  expect(share(sum.options.bia)).toEqual(near(0.24))
  expect(share(sum.rejected.unknown_option)).toEqual(near(0.02))
  expect(share(sum.rejected.unknown_poll)).toEqual(near(0.02))
})

test('every request of a mix is a body that ingest takes, and its tally says exactly what is in it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer(), (batch, seed) => {
      for (const { path, body, tally } of requestKinds({ ...mix, batch }, seed)) {
        const parsed = parseBody(body, batch > 1)
        if ('refusal' in parsed) throw new Error(parsed.refusal.message)
        expect(path).toMatch(batch > 1 ? /\/votes\/batch$/ : /\/votes$/)
        expect(votesIn(tally)).toBe(batch)
        if (!path.startsWith('/polls/final/')) {
          expect(tally).toEqual({ options: {}, rejected: { unknown_poll: batch } })
          continue
        }
        const found = emptyTally()
        for (const { option } of parsed.votes)
          addTally(
            found,
            ['ana', 'bia'].includes(option)
              ? { options: { [option]: 1 }, rejected: {} }
              : { options: {}, rejected: { unknown_option: 1 } },
          )
        expect(tally).toEqual(found)
      }
    }),
    { numRuns: 20 },
  )
})
