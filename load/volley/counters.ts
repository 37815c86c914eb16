/**
 * What a thread has done so far, in memory that the main thread reads while it runs. Each thread writes only its own
 * row, so a reader may be a moment behind but never wrong for good.
 */
const fields = ['sent', 'late', 'answered', 'accepted', 'throttled', 'unknown'] as const

export type CounterName = (typeof fields)[number]
export type Counters = { add(name: CounterName): void; stopped(): boolean }
/** Requests, not votes. */
export type Progress = Record<CounterName, number>

/** Memory for the counters of `threads` threads, and one flag that asks them all to stop. */
export const sharedCounters = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(4 * (1 + threads * fields.length))

export const counters = (memory: SharedArrayBuffer, thread: number): Counters => {
  const cells = new Uint32Array(memory)
  const first = 1 + thread * fields.length
  return {
    add: (name) => {
      const cell = first + fields.indexOf(name)
      cells[cell] = (cells[cell] ?? 0) + 1
    },
    stopped: () => Atomics.load(cells, 0) === 1,
  }
}

export const askToStop = (memory: SharedArrayBuffer): void => {
  Atomics.store(new Uint32Array(memory), 0, 1)
}

/** The sums over all threads. */
export const progress = (memory: SharedArrayBuffer): Progress => {
  const sums: Progress = { sent: 0, late: 0, answered: 0, accepted: 0, throttled: 0, unknown: 0 }
  new Uint32Array(memory, 4).forEach((value, cell) => {
    const name = fields[cell % fields.length]
    if (name !== undefined) sums[name] += value
  })
  return sums
}
