import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Address } from './connection.ts'
import { askToStop, type Progress, progress, sharedCounters } from './counters.ts'
import type { RequestKind } from './kind.ts'
import type { Outcome } from './outcome.ts'
import { type VolleyResult, volleyResult } from './result.ts'
import type { Schedule } from './schedule.ts'
import type { Task } from './thread.ts'

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

/** Threads that play volleys, one after the other: what Node compiled for one, the next need not wait for. */
export type VolleyThreads = {
  /**
   * Plays a schedule open loop: each request at its moment, whatever the server does.
   * The result rejects with the connection's error when a thread could open no connection at all.
   *
   * @throws RangeError with fewer connections than threads
   */
  play(plan: VolleyPlan): Volley
  end(): Promise<void>
}

export const volleyThreads = (): VolleyThreads => {
  const workers: Worker[] = []
  return {
    play: ({ threads, connections, ...shared }) => {
      if (connections < threads)
        throw new RangeError(`${threads} threads need as many connections, got ${connections}.`)
      while (workers.length < threads) workers.push(new Worker(new URL('./thread.ts', import.meta.url)))
      const memory = sharedCounters(threads)
      const playing = workers.slice(0, threads)
      const run = async (): Promise<VolleyResult> => {
        const ready = playing.map((worker) => once(worker, 'message'))
        for (const [thread, worker] of playing.entries()) {
          const own = Math.ceil((connections - thread) / threads)
          const task: Task = { share: { ...shared, threads, thread, connections: own }, memory }
          worker.postMessage(task)
        }
        await Promise.all(ready)
        const startAt = performance.timeOrigin + performance.now() + headStartMs
        const outcomes = playing.map(async (worker) => {
          const outcome = once(worker, 'message')
          worker.postMessage(startAt)
          const [message] = await outcome
          return (message as { outcome: Outcome }).outcome
        })
        return volleyResult(shared.kinds, shared.schedule, startAt, await Promise.all(outcomes))
      }
      return { result: run(), progress: () => progress(memory), stop: () => askToStop(memory) }
    },
    end: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** Plays one volley on threads of its own; see `VolleyThreads`. */
export const playVolley = (plan: VolleyPlan): Volley => {
  const threads = volleyThreads()
  const volley = threads.play(plan)
  return { ...volley, result: volley.result.finally(threads.end) }
}
