import { watchNpm } from '../npm-parent.ts'

/** Settles at the first SIGINT or SIGTERM, or when the npm that started this process is gone. A second signal forces. */
export const untilStopped = (): Promise<void> =>
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
    watchNpm(() => stop(false))
  })
