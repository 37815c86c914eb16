import { createHash } from 'node:crypto'
import { frameOf, type RawRecord } from './record-frame.ts'

/** The digest of a part that holds no run yet. */
export const emptyDigest = ''

/** Records whose frames are hashed together: a call for each, or one text of them all, takes longer. */
const hashedAtOnce = 200

/**
 * A part's digest with one more run (docs/audit-format.md): SHA-256, in lower-case hex, over the digest so far and then
 * the frames of the run's records.
 */
export const nextDigest = (digest: string, run: readonly RawRecord[]): string => {
  const sha256 = createHash('sha256').update(digest)
  for (let from = 0; from < run.length; from += hashedAtOnce) {
    const frames = run.slice(from, from + hashedAtOnce).map(frameOf)
    sha256.update(frames.join(''), 'latin1')
  }
  return sha256.digest('hex')
}
