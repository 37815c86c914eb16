import type { IncomingMessage } from 'node:http'

/** What became of a request's body. */
export type Body = { text: string } | 'too large'

/**
 * Reads a body of at most `maxBytes`, as UTF-8. What is over the limit is never kept: the rest of it is thrown away as
 * it comes, and the server's request timeout bounds how long that may take. A body that never ends is never told of.
 */
export const readBody = (request: IncomingMessage, maxBytes: number, done: (body: Body) => void): void => {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    const wasTooLarge = bytes > maxBytes
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    else if (!wasTooLarge) {
      chunks.length = 0
      done('too large')
    }
  })
  request.on('end', () => {
    if (bytes > maxBytes) return
    const [first] = chunks
    done({
      text: first !== undefined && chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString(),
    })
  })
}
