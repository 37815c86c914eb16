import { LoadError } from '../../load/load-error.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/** npm hands a Ctrl-C on to its script, which has had it from the terminal already: two at once are one. */
const duplicateWithinMs = 1_000

/**
 * Calls `interrupt` at a Ctrl-C, or when it is told to end; another one, a second later or more, ends the process at once.
 *
 * @returns stops listening
 */
export const onInterrupt = (interrupt: () => void): (() => void) => {
  let isInterrupted = false
  const stopListening = (): void => {
    for (const name of signals) process.off(name, listener)
  }
  const listener = (): void => {
    if (isInterrupted) return
    isInterrupted = true
    // A signal that nobody listens to ends a process.
    setTimeout(stopListening, duplicateWithinMs).unref()
    interrupt()
  }
  for (const name of signals) process.on(name, listener)
  return stopListening
}

/**
 * Runs work that Ctrl-C ends early. Its signal is aborted then, and what it left behind is its own to tidy up.
 *
 * @throws LoadError when it was interrupted
 */
export const interruptible = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController()
  const stopListening = onInterrupt(() =>
    controller.abort(new LoadError('Interrupted: what was measured so far is dropped.')),
  )
  try {
    return await work(controller.signal)
  } finally {
    stopListening()
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
