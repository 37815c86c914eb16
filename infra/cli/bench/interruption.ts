import { LoadError } from '../../../load/load-error.ts'

/**
 * Runs work that Ctrl-C ends early. Its signal is aborted then, and what it left behind is its own to tidy up.
 *
 * @throws LoadError when it was interrupted
 */
export const interruptible = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController()
  const interrupt = (): void =>
    controller.abort(new LoadError('Interrupted: what was measured so far is dropped.'))
  // npm hands a Ctrl-C on to its script, which has had it from the terminal already: two must not end it at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupt)
  }
}

/** Waits for work, but no longer than until the signal is aborted; rejects then with its reason. */
export const unlessAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let abort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
