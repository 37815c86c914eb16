import type { Readable } from 'node:stream'

export type BodyLimits = {
  maxBytes: number
  /** How long the whole body may take. */
  timeoutMs: number
  /** Takes `bytes` from what all requests together may keep in memory; `false` when that is used up. */
  reserve(bytes: number): boolean
}

/** A body, or why there is none. Whatever it reserved is the caller's to give back, in both cases: `reserved` bytes. */
export type RequestBody = { reserved: number } & (
  | { bytes: Buffer }
  | { problem: 'too_large' | 'too_slow' | 'too_busy' | 'aborted' }
)

/** Reads a request's body, over HTTP/1.1 or HTTP/2 alike. Never rejects. */
export const readBody = (request: Readable, limits: BodyLimits): Promise<RequestBody> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0

    const finish = (
      result: { bytes: Buffer } | { problem: 'too_large' | 'too_slow' | 'too_busy' | 'aborted' },
    ) => {
      clearTimeout(timer)
      request.off('data', take)
      resolve({ reserved: bytes, ...result })
    }
    const timer = setTimeout(() => finish({ problem: 'too_slow' }), limits.timeoutMs)
    const take = (chunk: Buffer): void => {
      if (bytes + chunk.length > limits.maxBytes) finish({ problem: 'too_large' })
      else if (!limits.reserve(chunk.length)) finish({ problem: 'too_busy' })
      else {
        bytes += chunk.length
        chunks.push(chunk)
      }
    }
    request.on('data', take)
    request.once('end', () =>
      finish({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }),
    )
    request.once('error', () => finish({ problem: 'aborted' }))
    request.once('close', () => finish({ problem: 'aborted' })) // behind 'end' it settles nothing any more
  })
