import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cbor } from '../../../../infra/local/aws/cbor-encoding.ts'
import { WireBlob, WireTimestamp } from '../../../../infra/local/aws/wire-value.ts'
import { otherDecode, otherEncode, tag1 } from './other-cbor.ts'

const hex = (value: object): string => Buffer.from(cbor.encode(value)).toString('hex')
const decodeHex = (text: string): unknown => cbor.decode(Buffer.from(text, 'hex'))

/** Values that both libraries write, with the three types told apart. */
type Sample = null | boolean | number | string | Blob | Time | Sample[] | { [key: string]: Sample }
type Blob = { kind: 'blob'; bytes: Buffer }
type Time = { kind: 'time'; ms: number }

const sample: fc.Arbitrary<Sample> = fc.letrec<{ value: Sample }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes): Blob => ({ kind: 'blob', bytes: Buffer.from(bytes) })),
    fc.integer({ min: 0, max: 8.64e15 }).map((ms): Time => ({ kind: 'time', ms })),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,12}$/), tie('value'), {
      maxKeys: 30,
      noNullPrototype: true,
    }),
  ),
})).value

/** The same value with blobs and timestamps as someone has them. */
const having = (value: Sample, blob: (bytes: Buffer) => unknown, time: (ms: number) => unknown): unknown => {
  const inner = (item: Sample): unknown => having(item, blob, time)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inner)
  if (value.kind === 'blob') return blob((value as Blob).bytes)
  if (value.kind === 'time') return time((value as Time).ms)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]))
}

const bytesAsTheyAre = (bytes: Buffer): Buffer => bytes

test('what another library writes is read with the same meaning', () => {
  fc.assert(
    fc.property(sample, (value) => {
      const body = otherEncode({ value: having(value, bytesAsTheyAre, tag1) })
      const expected = having(value, bytesAsTheyAre, (ms) => new WireTimestamp(ms))
      expect(cbor.decode(body)).toEqual({ value: expected })
    }),
    { numRuns: 500 },
  )
})

test('another library reads what is written with the same meaning', () => {
  fc.assert(
    fc.property(sample, (value) => {
      const output = having(
        value,
        (bytes) => new WireBlob(bytes),
        (ms) => new WireTimestamp(ms),
      )
      const expected = having(value, bytesAsTheyAre, (ms) => ({ tag1: ms }))
      expect(otherDecode(Buffer.from(cbor.encode({ value: output })))).toEqual({ value: expected })
    }),
    { numRuns: 500 },
  )
})

test('a timestamp is tag 1 with milliseconds as an integer of 64 bits', () => {
  expect(hex({ t: new WireTimestamp(1_790_000_000_123) })).toBe('a16174c11b000001a0c4506c7b')
})

test('a blob is a byte string, and a whole number over 32 bits an integer', () => {
  expect(hex({ b: new WireBlob(Buffer.from('hi')) })).toBe('a16162426869')
  expect(hex({ n: 31_536_000_000 })).toBe('a1616e1b0000000757b12c00')
})

test('fields that are undefined are left out, as in JSON', () => {
  expect(hex({ a: undefined, b: null })).toBe('a16162f6')
})

test('blobs are views of the body, not copies', () => {
  const body = Buffer.from('a16464617461426869', 'hex')
  const { data } = cbor.decode(body) as { data: Buffer }
  expect([data.toString(), data.buffer === body.buffer]).toEqual(['hi', true])
})

test.each([
  ['an integer', 'c11b000001a0c4506c7b', 1_790_000_000_123],
  ['a double', 'c1fb427a0c4506c7b800', 1_790_000_000_123.5],
  ['a tag of two bytes', 'd80105', 5],
])('a timestamp may be %s', (_, text, epochMs) => {
  expect(decodeHex(text)).toEqual(new WireTimestamp(epochMs))
})

test('maps and lists may have an indefinite length, as Jackson writes them', () => {
  expect(decodeHex('bf616101616c9f0102ff616dbfffff')).toEqual({ a: 1, l: [1, 2], m: {} })
})

test.each([
  ['nothing', ''],
  ['two items', 'a0a0'],
  ['an end alone', 'ff'],
  ['an end in place of a value', 'bf6161ff'],
  ['a list that claims 4 billion members', '9affffffff01'],
  ['a map that claims 2^63 members', 'bb7fffffffffffffff616101'],
  ['a text behind the end', '7affffffff61'],
  ['bytes behind the end', '5b00000001000000006161'],
  ['a map that does not end', 'bf616101'],
  ['a key that is no text', 'a10102'],
  ['a text in pieces', '7f6161ff'],
  ['a reserved length', '1c'],
  ['a shared reference', 'd81c81d81d00'],
  ['a packed table', 'd8338480808001'],
  ['a record, for which the library would compile code', 'd9dfff8319e00081616101'],
  ['a regular expression', 'd81b82665265674578706161'],
  ['a set', 'd9010280'],
  ['a timestamp of a text', 'c16161'],
  ['a timestamp of a timestamp', 'c1c101'],
  ['a simple value', 'e0'],
])('%s is no body', (_, text) => {
  expect(() => decodeHex(text)).toThrow()
})

test('17 levels are too many, and 16 are not', () => {
  const nested = (levels: number): Buffer => Buffer.from(`${'81'.repeat(levels)}00`, 'hex')
  expect(() => cbor.decode(nested(16))).not.toThrow()
  expect(() => cbor.decode(nested(17))).toThrow('levels')
  expect(() => cbor.decode(nested(10_000_000))).toThrow('levels')
})

test('a body of many tiny members is refused before memory is taken for them', () => {
  const many = Buffer.alloc(16 * 1024 * 1024, 0xa0)
  many[0] = 0x9f
  many[many.length - 1] = 0xff
  expect(() => cbor.decode(many)).toThrow('items')
})

test('whatever the bytes are, they are read or refused', () => {
  const request = otherEncode({ StreamName: 's', Records: [{ Data: Buffer.from('x'), At: tag1(5) }] })
  const damaged = fc
    .array(fc.tuple(fc.nat(request.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    .map((changes) => {
      const bytes = Buffer.from(request)
      for (const [at, byte] of changes) bytes[at] = byte
      return bytes
    })
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 }).map(Buffer.from)), (bytes) => {
      try {
        cbor.decode(Buffer.from(bytes))
        outcomes.add('read')
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
        outcomes.add('refused')
      }
      expect(cbor.decode(request)).toMatchObject({ StreamName: 's' }) // the library is left in order
    }),
    { numRuns: 3000 },
  )
  expect([...outcomes].sort()).toEqual(['read', 'refused'])
})
