import type { Refusal } from './service.ts'

/** How values are written on the wire: what AWS's RPC protocols (JSON 1.0, JSON 1.1, CBOR 1.1) differ in. */
export type Encoding = WireTypes & {
  /** In lower case and without parameters. */
  mediaTypes: readonly string[]
  /** The value that a body says. Throws when it says none. */
  decode(body: Buffer): unknown
  /** An output, whose `WireBlob`s and `WireTimestamp`s it writes as the encoding has them. */
  encode(output: object): string | Uint8Array
}

/** The types that JSON lacks, out of decoded values; a value of another type is a `SerializationException`. */
export type WireTypes = {
  readBlob(value: unknown): Buffer | Refusal
  /** Epoch ms, whole. */
  readTimestamp(value: unknown): number | Refusal
}
