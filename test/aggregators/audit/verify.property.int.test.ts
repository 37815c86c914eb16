import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll } from '../arrivals.ts'
import { anArchive, recount, type Sent, sentMarker, sentVotes } from './an-archive.ts'

const shards = ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002']
const late = 'shardId-000000000009'

const aVote = fc.record({
  kind: fc.constant('votes' as const),
  options: fc.array(fc.constantFrom('ana', 'bia', 'eva', 'constructor'), { minLength: 1, maxLength: 5 }),
  poll: fc.constantFrom('final', 'final', 'final', 'other', 'nobody'),
})
const broken = fc.constantFrom(
  '{',
  '[]',
  '{"v":2,"n":7}',
  '{"v":1,"n":3,"votes":[{"option":1}]}',
  '{"v":1,"control":"close","poll":{"id":"final","shards":[]}}',
)
const aBroken = fc.record({ kind: fc.constant('broken' as const), data: broken, control: fc.boolean() })
const aStep = fc.record({
  afterMs: fc.integer({ min: 0, max: 900 }),
  what: fc.oneof({ weight: 5, arbitrary: aVote }, aBroken),
})
const aStream = fc.array(aStep, { maxLength: 12 })
/** What a shard of the set gets: before the marker, behind it, and whether it ended without one. */
const aShard = fc.record({ before: aStream, behind: aStream, ends: fc.boolean() })

const toSent = (
  start: number,
  steps: readonly (typeof aStep extends fc.Arbitrary<infer T> ? T : never)[],
): Sent[] => {
  let arrival = start
  return steps.map(({ afterMs, what }) => {
    arrival += afterMs
    if (what.kind === 'votes') return sentVotes(arrival, what.options, what.poll)
    // A forged marker under the reserved key would be a marker; only its body is forged here.
    const control = what.control && !what.data.includes('close')
    return { arrival, data: what.data, ...(control ? { partitionKey: 'placar-control' } : {}) }
  })
}

it('an honest archive agrees, whatever was sent, split, closed and repeated', async () => {
  const property = fc.asyncProperty(
    fc.array(aShard, { minLength: 3, maxLength: 3 }),
    aStream,
    fc.integer({ min: 0, max: 3000 }),
    fc.option(fc.integer({ min: 3000, max: 6000 }), { nil: null }),
    fc.nat(50),
    async (streams, outside, opensAfter, closesAt, repeats) => {
      const poll: Poll = aPoll({
        createdAt: 2000,
        opensAt: 2000 + opensAfter,
        closesAt: closesAt && closesAt + 2000,
        shards,
        closedAt: 6000,
      })
      const other = aPoll({ id: 'other', createdAt: 1500, opensAt: 1500, shards })
      const archive = anArchive(
        poll,
        {
          ...Object.fromEntries(
            streams.map(({ before, behind, ends }, at) => [
              shards[at] ?? '',
              ends
                ? toSent(1000, before)
                : [...toSent(1000, before), sentMarker(12_000, poll), ...toSent(12_000, behind)],
            ]),
          ),
          [late]: toSent(7000, outside),
        },
        { others: [other] },
      )
      const votes = [...archive.votes, ...archive.votes.slice(0, repeats)]
      const windows = [...archive.windows, ...archive.windows]
      const { verdict, disagreements, missing, figures } = await recount({ ...archive, votes, windows })
      expect({ verdict, disagreements, missing }).toEqual({
        verdict: 'agrees',
        disagreements: [],
        missing: [],
      })
      const board = figures.filter(({ topic }) => topic === 'option').map(({ item, board }) => [item, board])
      expect(Object.fromEntries(board)).toEqual({ ana: 0, bia: 0, ...archive.poll.result.counts })
      expect(figures.every(({ agrees }) => agrees)).toBe(true)
    },
  )
  await fc.assert(property, { numRuns: 12 })
}, 120_000)
