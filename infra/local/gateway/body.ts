import type { IncomingMessage } from 'node:http'

/** What became of a request's body. */
export type Body = { text: string } | 'too large' | 'cut off'

/**
 * Reads a body of at most `maxBytes`, as UTF-8. What is over the limit is never kept: the rest of it is thrown away as
 * it comes, and the server's request timeout bounds how long that may take.
 */
export const readBody = (request: IncomingMessage, maxBytes: number, done: (body: Body) => void): void => {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    done('too large')
    return
  }
  const chunks: Buffer[] = []
  let bytes = 0
  let settled = false
  const settle = (body: Body): void => {
    if (settled) return
    settled = true
    done(body)
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) {
      chunks.length = 0
      settle('too large')
    } else chunks.push(chunk)
  })
  request.on('end', () => {
    const [first] = chunks
    settle({
      text: first !== undefined && chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString(),
    })
  })
  request.on('close', () => settle('cut off'))
}
