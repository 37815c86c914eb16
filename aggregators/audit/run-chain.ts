import { createHash } from 'node:crypto'

/** The digest of a part, from its records one after the other. A frame is a text of bytes: a character a byte. */
export type RunChain = {
  add(frame: string): void
  /** In lower-case hex, over the runs that are whole; empty before the first. */
  digest(): string
}

/** Hashed together, since a call for each frame takes longer than the hashing; in characters. */
const mostPending = 65_536

/** @param runs records of each run, in order */
export const runChain = (runs: readonly number[]): RunChain => {
  let digest = ''
  let run = 0
  let missing = runs[0] ?? 0
  let sha256 = createHash('sha256')
  let pending = ''

  const take = (): void => {
    sha256.update(pending, 'latin1')
    pending = ''
  }
  const endRun = (): void => {
    take()
    digest = sha256.digest('hex')
    sha256 = createHash('sha256').update(digest)
    run += 1
    missing = runs[run] ?? 0
  }
  return {
    add: (frame) => {
      pending += frame
      missing -= 1
      if (missing === 0) endRun()
      else if (pending.length >= mostPending) take()
    },
    digest: () => digest,
  }
}
