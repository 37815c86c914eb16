import fc from 'fast-check'
import { genesisHash, type OpenPart, type SealedPart, sealPart } from '../../../aggregators/part.ts'
import type { Tally } from '../../../aggregators/tally.ts'
import { rejectionReasons } from '../../../ingest/rejection.ts'

const slug = fc.stringMatching(/^[a-z0-9-]{1,64}$/)
/** Ids as long as they may be, and such as objects have names for. */
const id = fc.oneof(slug, fc.constantFrom('constructor', '-', 'z'.repeat(64)))
const votes = fc.integer({ min: 1, max: 10_000_000 })
const rejections = fc.dictionary(fc.constantFrom(...rejectionReasons), votes)

/** Up to 50 options, as a poll has at most. */
const tally: fc.Arbitrary<Tally> = fc.record({
  counts: fc.dictionary(id, votes, { maxKeys: 50, size: 'max' }),
  rejected: rejections,
})

const digest = fc.stringMatching(/^[0-9a-f]{64}$/)

const sequenceNumber = fc.bigInt(10n ** 55n, 10n ** 56n - 1n).map(String)

/** A window of 1 to 300 s within the hour before `now` (epoch ms); one to many polls. */
const openPart = (now: number): fc.Arbitrary<OpenPart> =>
  fc.record({
    window: fc
      .tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 300 }))
      .map(([ago, seconds]) => ({ start: now - ago * 1000, end: now - ago * 1000 + seconds * 1000 })),
    first: sequenceNumber,
    last: sequenceNumber,
    records: votes,
    runs: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 20 }),
    digest,
    polls: fc.oneof(
      { weight: 3, arbitrary: fc.dictionary(id, tally, { maxKeys: 3 }) },
      { weight: 1, arbitrary: fc.dictionary(id, tally, { maxKeys: 40, size: 'max' }) },
    ),
    rejected: rejections,
  })

/** A shard's parts as one chain, from any number on. */
export const chain = (shardId: string, from: number, parts: readonly OpenPart[]): SealedPart[] => {
  let previous = genesisHash
  return parts.map((part, index) => {
    const sealed = sealPart(shardId, from + index, previous, part)
    previous = sealed.hash
    return sealed
  })
}

const shardName = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

/** Some chains, in an order in which only each shard's own is kept. */
export const sealedParts = (now: number): fc.Arbitrary<SealedPart[]> =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.array(openPart(now), { minLength: 1, maxLength: 4 }),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .chain((shards) => {
      const chains = shards.map(([from, parts], index) => chain(shardName(index), from, parts))
      const turns = chains.flatMap((parts, shard) => parts.map(() => shard))
      return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
        const next = chains.map(() => 0)
        return order.flatMap((shard) => {
          const at = next[shard] ?? 0
          next[shard] = at + 1
          return chains[shard]?.[at] ?? []
        })
      })
    })

/** A part of one vote, for tests in which the contents play no part. */
export const smallPart = (shard: number, number: number, polls: Record<string, Tally> = {}): SealedPart =>
  sealPart(shardName(shard), number, genesisHash, {
    window: { start: 1_790_000_000_000, end: 1_790_000_005_000 },
    first: '1',
    last: '1',
    records: 1,
    runs: [1],
    digest: '0'.repeat(64),
    polls,
    rejected: {},
  })

/** What is told of parts: `shard:number`, by the shard's index. */
export const labels = (parts: readonly SealedPart[]): string[] =>
  parts.map(({ shardId, number }) => `${Number(shardId.slice(-12))}:${number}`)

/** Whether `taken` is, for every shard, a beginning of `given`. */
export const isBeginning = (taken: readonly SealedPart[], given: readonly SealedPart[]): boolean => {
  const ofShard = (parts: readonly SealedPart[], shard: string) =>
    parts.filter(({ shardId }) => shardId === shard).map(({ number }) => number)
  return [...new Set(taken.map(({ shardId }) => shardId))].every((shard) => {
    const some = ofShard(taken, shard)
    return some.every((number, index) => ofShard(given, shard)[index] === number)
  })
}
