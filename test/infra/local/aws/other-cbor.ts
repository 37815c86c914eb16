import { createRequire } from 'node:module'

/** As much as the tests use of the `cbor` package, which comes with kinesalite and has no types. */
type OtherLibrary = {
  encode(value: unknown): Buffer
  Tagged: new (tag: number, value: number) => object
  Decoder: {
    decodeFirstSync(
      bytes: Uint8Array,
      options: { tags: { [tag: number]: (value: number) => unknown } },
    ): unknown
  }
}

const require = createRequire(import.meta.url)
const library: OtherLibrary = createRequire(require.resolve('kinesalite'))('cbor')

/** A timestamp on the wire, whatever its number means. */
export type Tag1 = { tag1: number }

/** CBOR by another library than the endpoint's, so that the endpoint is not held to itself. */
export const otherEncode = (value: unknown): Buffer => library.encode(value)

/** Timestamps (tag 1) come out as `{ tag1 }`, byte strings as `Buffer`s. */
export const otherDecode = (bytes: Uint8Array): unknown =>
  library.Decoder.decodeFirstSync(bytes, { tags: { 1: (tag1) => ({ tag1 }) } })

export const tag1 = (value: number): object => new library.Tagged(1, value)
