/** A record as the stream gives it. `arrival`: approximate arrival timestamp, epoch ms; `data`: base64. */
export type RawRecord = { sequenceNumber: string; arrival: number; partitionKey: string; data: string }

/**
 * What a run's digest takes of a record (docs/audit-format.md): `sequenceNumber arrival keyBytes dataBytes\n`, the key in
 * UTF-8 and the data. With these lengths no two lists of records give the same bytes. It lies in `bytes`, which it shares
 * with others, from `from` to `to`; the data begins at `dataFrom`.
 */
export type Frame = { bytes: Buffer; from: number; dataFrom: number; to: number }

/** The frames of records, one behind the other in one buffer. */
export const framesOf = (records: readonly RawRecord[]): Frame[] => {
  // Texts of bytes, a character a byte, made into one buffer at the end: to write each on its own takes longer.
  const texts: string[] = []
  let to = 0
  const frames = records.map(({ sequenceNumber, arrival, partitionKey, data }): Frame => {
    const key = utf8(partitionKey)
    const decoded = fromBase64(data)
    const head = `${sequenceNumber} ${arrival} ${key.length} ${decoded.length}\n${key}`
    texts.push(head, decoded)
    const from = to
    const dataFrom = from + head.length
    to = dataFrom + decoded.length
    return { bytes: noBytes, from, dataFrom, to }
  })
  const bytes = Buffer.from(texts.join(''), 'latin1')
  for (const frame of frames) frame.bytes = bytes
  return frames
}

const noBytes = Buffer.alloc(0)

/** A text's UTF-8; one that takes as many bytes as it has characters is ASCII, and its own. */
const utf8 = (text: string): string =>
  Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')

/** `atob` is the faster one, and refuses some of what Node reads. */
const fromBase64 = (base64: string): string => {
  try {
    return atob(base64)
  } catch {
    return Buffer.from(base64, 'base64').toString('latin1')
  }
}
