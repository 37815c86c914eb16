import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KinesisEventRecord, toArrivedRecords } from '../../aggregators/kinesis-event.ts'
import { fromBase64, type RawRecord } from '../../aggregators/record-frame.ts'
import { emptyDigest, nextDigest } from '../../aggregators/run-digest.ts'
import { readRecord } from '../../ingest/envelope.ts'

const sha256 = (...parts: (string | Buffer)[]): string =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex')

/** A record of the stream. */
type Stored = { sequenceNumber: string; arrival: number; partitionKey: string; data: Buffer }
const stored = (data: Buffer | string, changes: Partial<Stored> = {}): Stored => ({
  sequenceNumber: '4971',
  arrival: 1_790_000_001_234,
  partitionKey: 'v-JKJa=',
  data: Buffer.from(data),
  ...changes,
})
const raw = ({ data, ...record }: Stored): RawRecord => ({ ...record, data: data.toString('latin1') })
const eventRecord = ({ data, arrival, ...rest }: Stored): KinesisEventRecord => ({
  eventID: rest.sequenceNumber,
  kinesis: { ...rest, data: data.toString('base64'), approximateArrivalTimestamp: arrival / 1000 },
})

/** What docs/audit-format.md says of one record, written anew. */
const frameBytes = ({ sequenceNumber, arrival, partitionKey, data }: Stored): Buffer => {
  const key = Buffer.from(partitionKey)
  return Buffer.concat([
    Buffer.from(`${sequenceNumber} ${arrival} ${key.length} ${data.length}\n`),
    key,
    data,
  ])
}
const digestOf = (...run: Stored[]): string => nextDigest(emptyDigest, run.map(raw))

const anyBytes = fc.oneof(
  fc.uint8Array().map((array) => Buffer.from(array)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
)
const anyRecord = fc
  .record({
    sequenceNumber: fc.stringMatching(/^[1-9]\d{0,55}$/),
    arrival: fc.nat({ max: 2 ** 45 }),
    partitionKey: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constant('v-x'),
      fc.string({ unit: 'binary' }),
    ),
    data: anyBytes,
  })
  .map((record): Stored => record)

describe("a run's digest", () => {
  it('is SHA-256 over the digest so far and then number, arrival, lengths, key and data of each record', () => {
    const [one, other] = [stored('{"é":1}'), stored(Buffer.from([0x7b, 0xff]), { partitionKey: 'é' })]
    const first = sha256('4971 1790000001234 7 8\nv-JKJa={"é":1}', '4971 1790000001234 2 2\né', other.data)
    expect(first).toBe('8fe5868f6d5a2b1770aa3446fca99e941b4d77997c42a082615c5381202fd95e')
    expect(digestOf(one, other)).toBe(first)
    expect(nextDigest(first, [raw(other)])).toBe(sha256(first, '4971 1790000001234 2 2\né', other.data))
  })

  it('is over the very bytes that arrived, whatever they and the key hold', () => {
    fc.assert(
      fc.property(fc.array(anyRecord), (run) => {
        expect(digestOf(...run)).toBe(sha256(...run.map(frameBytes)))
      }),
    )
  })

  it.each([
    ['number', { sequenceNumber: '4972' }],
    ['arrival', { arrival: 1_790_000_001_235 }],
    ['key', { partitionKey: 'v-JKJb=' }],
    ['bytes that read as the same text', { data: Buffer.from([0xfe]) }],
    ['end of the key and begin of the data', { partitionKey: 'v-JKJa', data: Buffer.from([0x3d, 0xff]) }],
  ])('differs where two records differ in their %s', (_, changes) => {
    expect(digestOf(stored(Buffer.from([0xff]), changes))).not.toBe(digestOf(stored(Buffer.from([0xff]))))
  })

  it('takes in all of a long run', () => {
    const run = Array.from({ length: 1001 }, (_, at) => stored(String(at), { sequenceNumber: `49${at}` }))
    expect(digestOf(...run)).toBe(sha256(...run.map(frameBytes)))
  })

  it('differs where the same records were cut into other runs', () => {
    const [one, other] = [stored('1'), stored('2')]
    expect(nextDigest(digestOf(one), [raw(other)])).not.toBe(digestOf(one, other))
  })

  it('takes base64 for what it decodes to, however it is written', () => {
    for (const data of ['YWI', 'YW I=', 'Y-_=', 'Y', '', '==', 'YWI=YWI=', 'YWJj\nZGVm'])
      expect(Buffer.from(fromBase64(data), 'latin1')).toEqual(Buffer.from(data, 'base64'))
  })
})

it("a batch's records read as their bytes in UTF-8, whatever else is in the batch", () => {
  fc.assert(
    fc.property(fc.array(anyRecord), (records) => {
      const bodies = toArrivedRecords(records.map(eventRecord)).map(({ body }) => body)
      expect(bodies).toEqual(
        records.map(({ partitionKey, data }) => readRecord(partitionKey, data.toString('utf8'))),
      )
    }),
  )
})
