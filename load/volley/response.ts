/** No answer of Placar's or of API Gateway's has a head near this. */
const maxHeadBytes = 16 * 1024

/** The only fields that decide where an answer ends, and the one that the next request may send back. */
const framing =
  /\r\n(content-length|transfer-encoding|connection|etag)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?=\r|$)/gi

type Head = Answer & { bodyBytes: number }

/** `closes`: the server will send no more. */
export type Answer = { status: number; closes: boolean; etag: string | undefined }

/** Said of bytes that are not an HTTP/1.1 answer with a `Content-Length`: an error, never a guess. */
export class UnreadableAnswer extends Error {
  override name = 'UnreadableAnswer'
}

/**
 * Reads the answers of one connection from its bytes, however they are cut into chunks.
 *
 * @param onAnswer called when the last byte of an answer has arrived, in order
 * @returns takes the next chunk, whose memory may be reused afterwards; throws `UnreadableAnswer`, after which the
 *   connection is worthless
 */
export const answerReader = (onAnswer: (answer: Answer) => void): ((chunk: Buffer) => void) => {
  let begun: Buffer | undefined
  let head: Head | undefined
  let bodyBytesLeft = 0
  return (chunk) => {
    const bytes = begun === undefined ? chunk : Buffer.concat([begun, chunk])
    let at = 0
    for (;;) {
      if (head === undefined) {
        const end = bytes.indexOf('\r\n\r\n', at, 'latin1')
        if (end < 0) break
        head = readHead(bytes.toString('latin1', at, end))
        bodyBytesLeft = head.bodyBytes
        at = end + 4
      }
      const arrived = Math.min(bodyBytesLeft, bytes.length - at)
      bodyBytesLeft -= arrived
      at += arrived
      if (bodyBytesLeft > 0) break
      const answer = head
      head = undefined
      onAnswer(answer)
    }
    begun = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined
    if (begun !== undefined && begun.length > maxHeadBytes)
      throw new UnreadableAnswer(`An answer's head has over ${maxHeadBytes} bytes.`)
  }
}

const readHead = (text: string): Head => {
  const status = /^HTTP\/1\.1 ([2-5]\d\d)(?: |\r|$)/.exec(text)?.[1]
  if (status === undefined)
    throw new UnreadableAnswer(`Expected a final HTTP/1.1 status line, got "${text.slice(0, 40)}".`)
  let bodyBytes: number | undefined
  let closes = false
  let etag: string | undefined
  for (const [, name = '', value = ''] of text.matchAll(framing)) {
    const field = name.toLowerCase()
    if (field === 'connection') closes ||= /\bclose\b/i.test(value)
    else if (field === 'etag') etag = value
    else if (field === 'content-length' && bodyBytes === undefined && /^\d{1,9}$/.test(value))
      bodyBytes = Number(value)
    else throw new UnreadableAnswer(`Cannot read an answer with "${name}: ${value}".`)
  }
  // Neither has a body, whatever its Content-Length says about what a 200 would have had.
  if (status === '304' || status === '204') bodyBytes = 0
  if (bodyBytes === undefined) throw new UnreadableAnswer('An answer came without a Content-Length.')
  return { status: Number(status), bodyBytes, closes, etag }
}
