/** Bytes as a text, a character a byte (latin1): V8 joins and hashes texts faster than as many small buffers. */
export type Bytes = string

/** A record as the stream gives it. `arrival`: approximate arrival timestamp, epoch ms. */
export type RawRecord = { sequenceNumber: string; arrival: number; partitionKey: string; data: Bytes }

/**
 * What a run's digest takes of a record (docs/audit-format.md): `sequenceNumber arrival keyBytes dataBytes\n`, the key in
 * UTF-8 and the data. With these lengths no two lists of records give the same bytes.
 */
export const frameOf = ({ sequenceNumber, arrival, partitionKey, data }: RawRecord): Bytes => {
  const key = utf8(partitionKey)
  return `${sequenceNumber} ${arrival} ${key.length} ${data.length}\n${key}${data}`
}

/** `atob` is the faster one, and refuses some of what Node reads. */
export const fromBase64 = (base64: string): Bytes => {
  try {
    return atob(base64)
  } catch {
    return Buffer.from(base64, 'base64').toString('latin1')
  }
}

/** A text's UTF-8; one that takes as many bytes as it has characters is ASCII, and its own. */
const utf8 = (text: string): Bytes =>
  Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
