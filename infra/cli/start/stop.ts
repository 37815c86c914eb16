/** The wish to stop, watched from before anything is opened, so that there is always an orderly end. */
export type Stop = {
  /** Settles when a stop is asked for. */
  asked: Promise<void>
  /** Waits for work, but no longer than until a stop is asked for. @returns whether the work was done */
  leavesTimeFor(work: Promise<unknown>): Promise<boolean>
}

/** npm hands a Ctrl-C on to its script, which has had it from the terminal already: that is one wish, not two. */
const sameWishMs = 300

/**
 * Takes the first SIGINT, SIGTERM or SIGHUP, or a call of `watch`'s argument, for a wish to stop. A second signal forces.
 *
 * @param watch watches for another reason to stop
 */
export const watchStop = (watch: (gone: () => void) => void): Stop => {
  // Whoever read what is printed may be gone: a terminal that was closed, a pipe that ended.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  const asked = new Promise<void>((resolve) => {
    let askedAt: number | undefined
    const stop = (): void => {
      askedAt = performance.now()
      console.log('Stopping; votes on their way are answered first. Ctrl-C again forces.')
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (askedAt === undefined) stop()
        else if (performance.now() > askedAt + sameWishMs) process.exit(130)
      })
    watch(() => {
      if (askedAt === undefined) stop()
    })
  })

  return {
    asked,
    leavesTimeFor: (work) => Promise.race([work.then(() => true), asked.then(() => false)]),
  }
}
