import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RecordLine, recordLine } from '../../aggregators/archive-line.ts'
import { toArrivedRecord } from '../../aggregators/kinesis-event.ts'
import { recordPrint } from '../../aggregators/record-print.ts'

const place = { sequenceNumber: '4971', arrival: 1_790_000_001_234, partitionKey: 'v-JKJa=' }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The record as Lambda hands it over. */
const arrived = (bytes: Buffer) =>
  toArrivedRecord({
    eventID: '1',
    kinesis: {
      sequenceNumber: place.sequenceNumber,
      partitionKey: place.partitionKey,
      data: bytes.toString('base64'),
      approximateArrivalTimestamp: place.arrival / 1000,
    },
  })
const archived = (bytes: Buffer): RecordLine => JSON.parse(recordLine({ shardId: 's', ...place }, bytes))

describe("a record's print", () => {
  it('is SHA-256 over its number, arrival, key, bytes that are no UTF-8, and text', () => {
    expect(arrived(Buffer.from('{"é":1}')).print).toBe(sha256('4971 1790000001234 v-JKJa=  {"é":1}'))
    expect(arrived(Buffer.from([0x7b, 0xff])).print).toBe(sha256('4971 1790000001234 v-JKJa= e/8= {\ufffd'))
  })

  it("is the same from the aggregator's record and from the archive's line, whatever the bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(bytes, (data) => {
        expect(arrived(data).print).toBe(recordPrint(archived(data)))
      }),
    )
  })

  it('differs where two records differ in bytes that read as the same text', () => {
    const [one, other] = [arrived(Buffer.from([0xff])), arrived(Buffer.from([0xfe]))]
    expect(one.body).toEqual(other.body)
    expect(one.print).not.toBe(other.print)
  })
})
