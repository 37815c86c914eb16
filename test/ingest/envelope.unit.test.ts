import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import batchSchema from '../../ingest/batch.schema.json' with { type: 'json' }
import { readRecord, readRecordBytes, writeEnvelope, writeMarker } from '../../ingest/envelope.ts'
import { controlKey, voteKey } from '../../ingest/partition-key.ts'
import { parseBody } from '../../ingest/schema.ts'
import voteSchema from '../../ingest/vote.schema.json' with { type: 'json' }
import { aPoll } from '../aggregators/arrivals.ts'

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const vote = fc.record(
  { option: fc.stringMatching(/^[a-z0-9-]{1,64}$/), voteId: id, voterId: id, castAt: fc.maxSafeNat() },
  { requiredKeys: ['option'] },
)

describe('the envelope', () => {
  it('of any votes that the schema lets in is read back as those votes', () => {
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 20 }), fc.maxSafeNat(), (votes, acceptedAt) => {
        const parsed = parseBody(JSON.stringify({ votes }), true)
        if (!('votes' in parsed)) throw new Error(parsed.refusal.message)
        const record = readRecord(voteKey('x'), writeEnvelope('final', acceptedAt, parsed.votes))
        expect(record).toEqual({ kind: 'votes', poll: 'final', acceptedAt, votes: parsed.votes })
      }),
    )
  })

  it('of one vote is read from its bytes as JSON reads it, whatever is changed in it and whatever was read before', () => {
    const written = fc
      .tuple(fc.constantFrom('final', 'semi-final'), fc.constantFrom(1_790_000_000_000, 0, 17), vote)
      .map(([poll, acceptedAt, one]) => writeEnvelope(poll, acceptedAt, [one]))
    const piece = fc.constantFrom(
      ...['', '0', '-', '"', '}', ',', '\\u0061', '\n', ' ', '1e3', '0x', '.5', ',"option":"b"', 'é'],
    )
    fc.assert(
      fc.property(written, fc.nat(200), fc.nat(12), piece, (data, from, length, put) => {
        const changed = data.slice(0, from) + put + data.slice(from + length)
        for (const text of [data, changed, data])
          expect(readRecordBytes(voteKey('x'), Buffer.from(text).toString('latin1'))).toEqual(
            readRecord(voteKey('x'), text),
          )
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    '0x12345678901',
    '0790000000000',
    '179000000000.',
    '17900000000e2',
    '             ',
    'é1790000000',
  ])('with the time %s is read as JSON reads it, right behind another vote', (time) => {
    const vote = writeEnvelope('final', 1_790_000_000_000, [{ option: 'ana' }])
    const other = vote.replace('1790000000000', time)
    for (const data of [vote, other])
      expect(readRecordBytes('v-x', Buffer.from(data).toString('latin1'))).toEqual(readRecord('v-x', data))
  })

  it('of votes for more options than a poll can have are each read as they are', () => {
    for (let at = 0; at < 1000; at += 1) {
      const votes = [{ option: `option-${at % 300}` }]
      const data = writeEnvelope('final', 1_790_000_000_000 + at, votes)
      expect(readRecordBytes(voteKey('x'), data)).toEqual(readRecord(voteKey('x'), data))
    }
  })

  it('of one vote under the reserved key is no vote', () => {
    const data = writeEnvelope('final', 1, [{ option: 'ana' }])
    expect(readRecord(controlKey, data)).toEqual({ kind: 'rejected', reason: 'malformed', n: 1 })
  })

  it.each([
    ['no JSON', '{', 1],
    ['a number', '1', 1],
    ['null', 'null', 1],
    ['a list', '[]', 1],
    ['no votes', '{"v":1,"poll":"a","acceptedAt":1,"n":3}', 3],
    ['fewer votes than it says', '{"v":1,"poll":"a","acceptedAt":1,"n":2,"votes":[{"option":"a"}]}', 2],
    ['an n beyond belief', '{"v":1,"poll":"a","acceptedAt":1,"n":1e9,"votes":[{"option":"a"}]}', 1],
    ['no n, but votes', '{"v":1,"poll":"a","acceptedAt":1,"votes":[{"option":"a"},{"option":"b"}]}', 2],
    ['an option that is no text', '{"v":1,"poll":"a","acceptedAt":1,"n":1,"votes":[{"option":7}]}', 1],
    ['a time that is no number', '{"v":1,"poll":"a","acceptedAt":"1","n":1,"votes":[{"option":"a"}]}', 1],
    ['a time beyond numbers', '{"v":1,"poll":"a","acceptedAt":1e999,"n":1,"votes":[{"option":"a"}]}', 1],
    ["the shape of a marker, under a voter's key", writeMarker(aPoll()), 1],
  ])('with %s is malformed', (_fact, data, n) => {
    expect(readRecord(voteKey('x'), data)).toEqual({ kind: 'rejected', reason: 'malformed', n })
  })

  it('of another version is told apart from a broken one', () => {
    expect(readRecord('v-x', '{"v":2,"n":4}')).toEqual({
      kind: 'rejected',
      reason: 'unsupported_version',
      n: 4,
    })
  })

  it('any text at all is read as something', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.constantFrom('v-x', controlKey, undefined),
        (data, key) => {
          expect(['votes', 'close', 'rejected']).toContain(readRecord(key, data).kind)
        },
      ),
    )
  })
})

describe('a marker', () => {
  it('is one only by its partition key', () => {
    const data = writeMarker(aPoll())
    expect(readRecord(controlKey, data)).toEqual({ kind: 'close', poll: aPoll() })
    expect(readRecord('v-placar-control', data).kind).toBe('rejected')
  })

  it('votes under the reserved key are no votes', () => {
    const data = writeEnvelope('final', 1, [{ option: 'ana' }])
    expect(readRecord(controlKey, data)).toMatchObject({ kind: 'rejected', reason: 'malformed' })
  })
})

describe('the schemas', () => {
  it('a vote in a batch is a vote', () => {
    const { type, required, properties } = voteSchema
    expect(batchSchema.properties.votes.items).toEqual({ type, required, properties })
  })

  it('properties they do not name are dropped', () => {
    expect(parseBody('{"option":"ana","admin":true,"__proto__":{"n":9}}', false)).toEqual({
      votes: [{ option: 'ana' }],
    })
  })
})
