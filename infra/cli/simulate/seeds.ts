import { Worker } from 'node:worker_threads'

/** Both included. */
export type Seeds = { from: number; to: number }

/** `wrong`: the stories of seeds that went wrong, ready to be printed. */
export type SimulationReport = { done: number; wrong: string[] }

/** Seeds that went wrong, after which the rest is not worth the time. */
const enough = 3

/** The simulation is a test and belongs there: it is run, not imported. */
const worker = new URL('../../../test/simulation/simulation.worker.ts', import.meta.url)

/** Simulates the seeds on so many threads. @param progress told after each seed */
export const runSeeds = async (
  { from, to }: Seeds,
  threads: number,
  progress: (done: number, wrong: number) => void,
): Promise<SimulationReport> => {
  const report: SimulationReport = { done: 0, wrong: [] }
  const step = Math.min(threads, to - from + 1)
  const workers = Array.from(
    { length: step },
    (_, nth) => new Worker(worker, { workerData: { from: from + nth, to, step } }),
  )
  const last = new Map<number, number>()
  const ended = workers.map(
    (thread, nth) =>
      new Promise<void>((resolve, reject) => {
        thread.on('message', ({ seed, story }: { seed: number; story?: string }) => {
          report.done += 1
          last.set(nth, seed + step)
          if (story !== undefined) report.wrong.push(story)
          if (report.wrong.length >= enough) for (const each of workers) void each.terminate()
          progress(report.done, report.wrong.length)
        })
        thread.once('error', reject)
        // A thread whose world waits for something that never comes has nothing left to do, and ends.
        thread.once('exit', (code) =>
          code === 0 || report.wrong.length >= enough
            ? resolve()
            : reject(new Error(`the thread of seed ${last.get(nth) ?? from + nth} ended before it was done`)),
        )
      }),
  )
  await Promise.all(ended)
  return report
}
