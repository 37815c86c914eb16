import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Address } from './connection.ts'
import { askToStop, type Progress, progress, sharedCounters } from './counters.ts'
import type { RequestKind } from './kind.ts'
import type { Outcome } from './outcome.ts'
import { type VolleyResult, volleyResult } from './result.ts'
import type { Schedule } from './schedule.ts'
import type { Share } from './share.ts'

/** How a volley is sent, whatever is in it. */
export type VolleySettings = {
  connections: number
  /** Requests under way on one connection at most. */
  pipeline: number
  threads: number
  seed: number
  /** How long to wait for what is still to be sent or answered in the end. */
  drainMs: number
}

export type VolleyPlan = VolleySettings & {
  address: Address
  kinds: readonly RequestKind[]
  schedule: Schedule
}

/** A volley under way. */
export type Volley = {
  result: Promise<VolleyResult>
  progress(): Progress
  /** Sends no more; the result then says what was never sent. */
  stop(): void
}

/** All threads have opened their connections when the first request is due this much later. */
const headStartMs = 50

/**
 * Plays a schedule open loop: each request at its moment, whatever the server does.
 * The result rejects with the connection's error when a thread could open no connection at all.
 *
 * @throws RangeError with fewer connections than threads
 */
export const playVolley = ({ threads, connections, ...shared }: VolleyPlan): Volley => {
  if (connections < threads)
    throw new RangeError(`${threads} threads need as many connections, got ${connections}.`)
  const memory = sharedCounters(threads)
  const workers = Array.from({ length: threads }, (_, thread) => {
    const own = Math.ceil((connections - thread) / threads)
    const share: Share = { ...shared, threads, thread, connections: own }
    return new Worker(new URL('./thread.ts', import.meta.url), { workerData: { share, memory } })
  })
  const run = async (): Promise<VolleyResult> => {
    try {
      await Promise.all(workers.map((worker) => once(worker, 'message')))
      const startAt = performance.timeOrigin + performance.now() + headStartMs
      const outcomes = workers.map(async (worker) => {
        const outcome = once(worker, 'message')
        worker.postMessage(startAt)
        const [message] = await outcome
        return (message as { outcome: Outcome }).outcome
      })
      return volleyResult(shared.kinds, shared.schedule, startAt, await Promise.all(outcomes))
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
  }
  return { result: run(), progress: () => progress(memory), stop: () => askToStop(memory) }
}
