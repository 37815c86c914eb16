/** Should a round throw, which is a fault of the page itself, the next one comes after so long. */
const afterFaultMs = 4_000

/**
 * Runs `round` again and again: after the delay, in ms, that it resolves to; never twice at once; not while the page is
 * hidden, and at once when it is shown again.
 *
 * @param round its signal is aborted when its result is no longer wanted
 * @returns `now` drops the round under way and starts another
 */
export const keepRefreshing = (
  page: Document,
  round: (signal: AbortSignal) => Promise<number>,
): { now: () => void } => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let current = new AbortController()

  const run = async (signal: AbortSignal) => {
    let delayMs = afterFaultMs
    try {
      delayMs = await round(signal)
    } finally {
      if (!signal.aborted && !page.hidden) timer = setTimeout(() => run(signal), delayMs)
    }
  }
  const stop = () => {
    clearTimeout(timer)
    current.abort()
  }
  const now = () => {
    stop()
    current = new AbortController()
    void run(current.signal)
  }
  page.addEventListener('visibilitychange', () => (page.hidden ? stop() : now()))
  return { now }
}

/**
 * Makes `work` something that can be asked for every round, yet runs at most once per `intervalMs`, and never twice at once.
 *
 * @param now `performance.now()`
 */
export const atMostEvery = (
  intervalMs: number,
  work: () => Promise<void>,
): { ask: (now: number) => void; soon: () => void } => {
  let dueAt = 0
  let busy = false
  return {
    ask: (now) => {
      if (busy || now < dueAt) return
      busy = true
      dueAt = now + intervalMs
      void work().finally(() => {
        busy = false
      })
    },
    soon: () => {
      dueAt = 0
    },
  }
}
