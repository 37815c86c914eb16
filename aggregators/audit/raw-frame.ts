/**
 * What a digest takes of a record (docs/audit-format.md), as a text of bytes, a character a byte.
 *
 * @param rest the record's arrival, key, data and base64, as frames.sql writes them
 */
export const frameOf = (
  sequenceNumber: string,
  [arrival = '', key = '', data = '', base64 = '']: readonly string[],
): string => {
  const keyBytes = bytesOf(key)
  const dataBytes = dataOf(bytesOf(data), bytesOf(base64))
  return `${sequenceNumber} ${arrival} ${keyBytes.length} ${dataBytes.length}\n${keyBytes}${dataBytes}`
}

/** The UTF-8 of the text of which `one_word` (functions.duckdb.sql) has made this. */
const bytesOf = (word: string): string => {
  if (word.startsWith(':')) return Buffer.from(word.slice(1), 'base64').toString('latin1')
  return isAscii.test(word) ? word : Buffer.from(word).toString('latin1')
}

const isAscii = /^[\0-\x7f]*$/

/**
 * The record's own bytes. A line's `data`, which is what was counted, must be what its `base64` reads as; where it is not, both are
 * taken, so that no digest fits.
 */
const dataOf = (data: string, base64: string): string => {
  if (base64 === '') return data
  const bytes = Buffer.from(base64, 'base64')
  const isSame = Buffer.from(bytes.toString('utf8')).equals(Buffer.from(data, 'latin1'))
  return isSame ? bytes.toString('latin1') : `${data} ${base64}`
}
