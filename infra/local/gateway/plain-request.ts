import { maxVoteBytes } from '../../../ingest/vote.ts'
import type { RequestHead } from './request-handler.ts'

/** A request that lies whole in a buffer, up to the byte `end`. */
export type PlainRequest = { head: RequestHead; body: Buffer; end: number }

/** GET and POST, printable ASCII alone, no folded lines: stricter than any HTTP server. */
const wholeHead = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1\r\n((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~]*\r\n)+)$/

/** Headers that change how a request is read or its connection is kept. */
const special = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads the request that begins at `start`. `undefined` for everything that is not entirely plain: not all there yet, another method or
 * version, a header that is malformed, repeated where it matters, or asks for anything special. Such a request is not
 * wrong; it is for a full HTTP server to read.
 */
export const readPlainRequest = (buffer: Buffer, start: number): PlainRequest | undefined => {
  const headEnd = buffer.indexOf('\r\n\r\n', start, 'latin1')
  if (headEnd < 0 || headEnd - start > maxHeadBytes) return undefined
  const plain = plainHeadOf(buffer.toString('latin1', start, headEnd + 2))
  if (plain === undefined) return undefined
  const bodyStart = headEnd + 4
  const end = bodyStart + plain.bodyBytes
  if (end > buffer.length) return undefined
  return { head: plain.head, body: buffer.subarray(bodyStart, end), end }
}

/** Node's server refuses heads over 16 KiB. */
const maxHeadBytes = 8 * 1024

type PlainHead = { head: RequestHead; bodyBytes: number }

/** A client sends the same head again and again; reading it takes four times as long as finding it here. */
const heads = new Map<string, PlainHead>()
const maxHeads = 1_000
const maxHeadLength = 1_000

const plainHeadOf = (text: string): PlainHead | undefined => {
  const found = heads.get(text)
  if (found !== undefined) return found
  const plain = readPlainHead(text)
  if (plain === undefined || text.length > maxHeadLength) return plain
  if (heads.size >= maxHeads) heads.clear()
  heads.set(text, plain)
  return plain
}

/** @param text a head with the end of its last line, without the empty one behind it */
const readPlainHead = (text: string): PlainHead | undefined => {
  const match = wholeHead.exec(text)
  if (match === null) return undefined
  const [, method = '', target = '', lines = ''] = match
  const fields = readFields(lines)
  if (fields?.host === undefined) return undefined
  const bytes = bodyBytes(method, fields.contentLength)
  const { contentType, ifNoneMatch } = fields
  return bytes === undefined
    ? undefined
    : { head: { method, target, contentType, ifNoneMatch }, bodyBytes: bytes }
}

type Fields = Partial<Record<'host' | 'contentLength' | 'contentType' | 'ifNoneMatch', string>>

const known: Readonly<Record<string, keyof Fields>> = {
  host: 'host',
  'content-length': 'contentLength',
  'content-type': 'contentType',
  'if-none-match': 'ifNoneMatch',
}

/** The few fields that matter; `undefined` when one is there twice, or a special one at all. */
const readFields = (lines: string): Fields | undefined => {
  const fields: Fields = {}
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf('\r\n', from)
    const colon = lines.indexOf(':', from)
    const name = lines.slice(from, colon).toLowerCase()
    const field = Object.hasOwn(known, name) ? known[name] : undefined
    if (field !== undefined) {
      if (fields[field] !== undefined) return undefined
      fields[field] = lines.slice(colon + 1, end).trim()
    } else if (special.has(name) && !isHarmless(name, lines.slice(colon + 1, end))) return undefined
    from = end + 2
  }
  return fields
}

/** What HTTP/1.1 does anyway, and many clients say all the same. */
const isHarmless = (name: string, value: string): boolean =>
  name === 'connection' && value.trim().toLowerCase() === 'keep-alive'

/** `undefined` where the length is not said plainly, or could be too much. */
const bodyBytes = (method: string, length: string | undefined): number | undefined => {
  if (length === undefined) return method === 'GET' ? 0 : undefined
  return /^\d{1,6}$/.test(length) && Number(length) <= maxVoteBytes ? Number(length) : undefined
}
