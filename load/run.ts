import { type Patience, type Surroundings, takeBaseline } from './reconcile.ts'
import { type Settled, settle, unexpectedText } from './settle.ts'
import type { Progress } from './volley/counters.ts'
import { playVolley, type VolleyPlan, type VolleyThreads } from './volley/play.ts'
import type { VolleyResult } from './volley/result.ts'

export type VolleyReport = Settled & { volley: VolleyResult }

/** What a run tells and asks while it lasts. */
export type RunEvents = {
  /** The volley has begun; `stop` ends it early, and what was sent is still reconciled. */
  started(stop: () => void, progress: () => Progress): void
  /** No more is sent, because all of it was or because the volley failed. */
  ended(): void
  /** All requests are answered or lost; the count is awaited. */
  sent(result: VolleyResult): void
}

/** What goes on beside a volley until it has ended; adds to its result what came of it. */
export type Beside = (ended: AbortSignal) => Promise<(volley: VolleyResult) => VolleyResult>

/** What a run can do otherwise. */
export type Means = {
  /** Nothing, unless it is given. */
  beside?: Beside | undefined
  /** On threads of its own, unless it is given. */
  play?: VolleyThreads['play']
}

/**
 * Plays a volley; then the count must equal what was accepted. Any generator's thresholds come after that.
 *
 * @param missed the thresholds that were not met, a line each
 */
export const runVolley = async (
  plan: VolleyPlan,
  missed: (report: Omit<VolleyReport, 'failures'>) => string[],
  surroundings: Surroundings,
  patience: Patience,
  events: RunEvents,
  { beside = async () => (volley) => volley, play = playVolley }: Means = {},
): Promise<VolleyReport> => {
  const baseline = await takeBaseline(surroundings.reader)
  const ended = new AbortController()
  const underWay = play(plan)
  let stopped = false
  const stop = (): void => {
    stopped = true
    underWay.stop()
  }
  events.started(stop, underWay.progress)
  const addition = beside(ended.signal)
  const played = await underWay.result.finally(() => {
    ended.abort()
    events.ended()
  })
  events.sent(played)
  const settled = await settle(played, baseline, surroundings, patience)
  const volley = (await addition)(played)
  const totals = { ...settled.totals, ...volley.votes }
  const { requests } = volley
  const failures = [...settled.failures]
  if (requests.unexpected > 0) failures.push(unexpectedText(requests.unexpected))
  const unsent = requests.due - requests.sent
  if (unsent > 0 && !stopped)
    failures.push(`${unsent} requests were never sent: no connection was free for them within --wait`)
  const report = { volley, verdict: settled.verdict, totals }
  return { ...report, failures: [...failures, ...missed(report)] }
}
