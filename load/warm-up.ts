import { LoadError } from './load-error.ts'
import type { Patience, Surroundings } from './reconcile.ts'
import { type Means, type RunEvents, runVolley, type VolleyReport } from './run.ts'
import { type VolleyPlan, volleyThreads } from './volley/play.ts'

/** Votes before a run, in the same poll. */
export type WarmUp = { plan: VolleyPlan; events: RunEvents }

/**
 * Plays a volley behind a warm-up: Node compiles while it runs, so a generator and a server that have just started are
 * slow. The warm-up is reconciled before the run begins, on the same threads, and is in no figure of the run; but it fails
 * the run when its own count is wrong, and the poll's result must hold both.
 *
 * @param missed the run's thresholds that were not met; see `runVolley`
 * @throws LoadError when it was stopped in the warm-up
 */
export const runWarm = async (
  { plan: warmUpPlan, events: warmUpEvents }: WarmUp,
  plan: VolleyPlan,
  missed: Parameters<typeof runVolley>[1],
  surroundings: Surroundings,
  patience: Patience,
  events: RunEvents,
  { beside }: Pick<Means, 'beside'> = {},
): Promise<VolleyReport> => {
  const threads = volleyThreads()
  let stopped = false
  const started: RunEvents['started'] = (stop, progress) =>
    warmUpEvents.started(() => {
      stopped = true
      stop()
    }, progress)
  try {
    const { close: _, ...open } = surroundings
    const { play } = threads
    const warmUp = await runVolley(
      warmUpPlan,
      () => [],
      open,
      patience,
      { ...warmUpEvents, started },
      { play },
    )
    if (stopped) throw new LoadError('Stopped in the warm-up: nothing was measured.')
    const all = { ...surroundings, earlier: warmUp.volley }
    const report = await runVolley(plan, missed, all, patience, events, { beside, play })
    return { ...report, failures: [...warmUp.failures.map((line) => `warm-up: ${line}`), ...report.failures] }
  } finally {
    await threads.end()
  }
}
