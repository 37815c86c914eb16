import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Address } from './connection.ts'
import { askToStop, type Progress, progress, sharedCounters } from './counters.ts'
import { type Mix, requestKinds } from './mix.ts'
import type { Outcome } from './outcome.ts'
import { type VolleyResult, volleyResult } from './result.ts'
import { schedule } from './schedule.ts'
import type { Share } from './share.ts'

export type VolleySpec = {
  address: Address
  mix: Mix
  /** Votes per second, all threads together. */
  rate: number
  seconds: number
  connections: number
  pipeline: number
  threads: number
  seed: number
  drainMs: number
}

/** A volley under way. */
export type Volley = {
  result: Promise<VolleyResult>
  progress(): Progress
  /** Sends no more; the result then says what was never sent. */
  stop(): void
}

/** All threads have opened their connections when the first vote is due this much later. */
const headStartMs = 50

/**
 * Starts a volley: an open-loop stream of votes at a fixed rate, whatever the server does.
 * The result rejects with the connection's error when a thread could open no connection at all.
 *
 * @throws RangeError with fewer connections than threads
 */
export const startVolley = (spec: VolleySpec): Volley => {
  if (spec.connections < spec.threads)
    throw new RangeError(`${spec.threads} threads need as many connections, got ${spec.connections}.`)
  const kinds = requestKinds(spec.mix, spec.seed)
  const memory = sharedCounters(spec.threads)
  const shared = {
    address: spec.address,
    kinds,
    seed: spec.seed,
    schedule: schedule(spec.rate, spec.seconds, spec.mix.batch),
    threads: spec.threads,
    pipeline: spec.pipeline,
    drainMs: spec.drainMs,
  }
  const workers = Array.from({ length: spec.threads }, (_, thread) => {
    const connections = Math.ceil((spec.connections - thread) / spec.threads)
    const share: Share = { ...shared, thread, connections }
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
      return volleyResult(kinds, shared.schedule, startAt, await Promise.all(outcomes))
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
  }
  return { result: run(), progress: () => progress(memory), stop: () => askToStop(memory) }
}
