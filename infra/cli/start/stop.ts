/**
 * Settles at the first SIGINT or SIGTERM, or when `watch` calls. A second signal forces.
 *
 * @param watch watches for another reason to stop
 */
export const untilStopped = (watch: (gone: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    let stopping = false
    const stop = (forceable: boolean): void => {
      if (!stopping) {
        stopping = true
        console.log('Stopping; votes on their way are answered first. Ctrl-C again forces.')
        resolve()
      } else if (forceable) process.exit(130)
    }
    process.on('SIGINT', () => stop(true))
    process.on('SIGTERM', () => stop(true))
    watch(() => stop(false))
  })
