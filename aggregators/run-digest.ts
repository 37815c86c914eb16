import { createHash } from 'node:crypto'
import type { Frame } from './record-frame.ts'

/** The digest of a part that holds no run yet. */
export const emptyDigest = ''

/**
 * A part's digest with one more run (docs/audit-format.md): SHA-256, in lower-case hex, over the digest so far and then
 * the frames of the run's records.
 */
export const nextDigest = (digest: string, run: readonly Frame[]): string => {
  const sha256 = createHash('sha256').update(digest)
  // Frames that lie one behind the other go in together: a call for each takes longer than the hashing.
  let begun: Frame | undefined
  let end = 0
  for (const frame of run) {
    if (begun !== undefined && (frame.bytes !== begun.bytes || frame.from !== end)) {
      sha256.update(begun.bytes.subarray(begun.from, end))
      begun = undefined
    }
    begun ??= frame
    end = frame.to
  }
  if (begun !== undefined) sha256.update(begun.bytes.subarray(begun.from, end))
  return sha256.digest('hex')
}
