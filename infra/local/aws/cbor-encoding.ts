// This entry is the JavaScript alone; the main one prefers a native part, which a laptop may or may not have.
import { addExtension, Decoder, Encoder } from 'cbor-x/encode'
import type { Encoding } from './encoding.ts'
import { checkPlainCbor } from './plain-cbor.ts'
import { notConvertible, notTimestamp } from './validation/type-refusal.ts'
import { WireBlob, WireTimestamp } from './wire-value.ts'

/**
 * CBOR 1.1, which AWS's SDKs for Java speak to Kinesis unless told not to. Blobs are byte strings. Timestamps are tag 1
 * with epoch *milliseconds* as an integer, whereas RFC 8949 says seconds: so writes aws-sdk-java-v2
 * (`SdkCborGenerator.writeValue(Instant)`), and so it reads (`AwsCborProtocolFactory.getDefaultTimestampFormats`). In
 * requests a tagged float counts as milliseconds too. Strings in pieces (indefinite length) are not read: Jackson cuts
 * those of some 4,000 characters, and nothing that a request may say here is that long.
 *
 * Of the library: it names the key `__proto__` of a map `__proto_`, and drops a byte order mark before a text of over 64
 * bytes.
 */
export const cbor: Encoding = {
  mediaTypes: ['application/x-amz-cbor-1.1'],
  decode: (body) => {
    checkPlainCbor(body)
    return decoder.decode(body)
  },
  encode: (output) => encoder.encode(encodable(output)),
  readBlob: (value) => (Buffer.isBuffer(value) ? value : notConvertible(value, 'a Blob')),
  readTimestamp: (value) =>
    value instanceof WireTimestamp && Number.isFinite(value.epochMs)
      ? Math.round(value.epochMs)
      : notTimestamp(value),
}

addExtension({
  Class: WireTimestamp,
  tag: 1,
  encode: ({ epochMs }: WireTimestamp, encode: (value: number | bigint) => Buffer) =>
    encode(BigInt(Math.round(epochMs))),
  decode: (epochMs: number | bigint) => new WireTimestamp(Number(epochMs)),
})

// Byte strings are views of the body. `int64AsNumber` is missing in the library's types.
const decoding = { useRecords: false, mapsAsObjects: true, int64AsNumber: true }
const decoder = new Decoder(decoding)
const encoder = new Encoder({ useRecords: false, variableMapSize: true })

const maxUint32 = 2 ** 32 - 1

/** A value as the library has to be given it: it writes `undefined`, and whole numbers over 32 bits as floats. */
const encodable = (value: unknown): unknown => {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && Math.abs(value) > maxUint32 ? BigInt(value) : value
  if (typeof value !== 'object' || value === null || value instanceof WireTimestamp) return value
  if (value instanceof WireBlob) return value.bytes
  if (Array.isArray(value)) return value.map(encodable)
  const fields: { [name: string]: unknown } = {}
  for (const [name, field] of Object.entries(value)) if (field !== undefined) fields[name] = encodable(field)
  return fields
}
