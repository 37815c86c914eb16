import { setTimeout as sleep } from 'node:timers/promises'
import { countReader } from '../../../load/count.ts'
import { brokenLimits } from '../../../load/limits.ts'
import { type Patience, patience, type Surroundings } from '../../../load/reconcile.ts'
import { volleyText } from '../../../load/report.ts'
import { type Beside, runVolley, type VolleyReport } from '../../../load/run.ts'
import type { VolleyPlan } from '../../../load/volley/play.ts'
import { runWarm } from '../../../load/warm-up.ts'
import type { CommandLine } from '../command.ts'
import { closedAnyhow } from './closed-anyhow.ts'
import type { Ground } from './ground.ts'
import { expectWritable, writeHgrm } from './hgrm-file.ts'
import { countProgress, say, volleyEvents, warmUpEvents } from './progress.ts'
import { limitsOf, warmUpSecondsOf } from './volley-flags.ts'

/** What reconciling a run needs of the world; a poll of the run's own is closed. */
export const surroundingsOf = ({ url, poll, close }: Ground): Surroundings => ({
  reader: countReader(url, poll),
  now: Date.now,
  sleep: (ms) => sleep(ms),
  progress: countProgress(say, Date.now),
  ...(close === undefined ? {} : { close }),
})

export const patienceOf = (line: CommandLine): Patience => ({
  ...patience,
  catchUpMs: line.number('wait', 1, 3_600) * 1_000,
})

/** Throws `UsageError` for what `press` could not use, before a poll is made for the run. */
export const checkPress = async (line: CommandLine): Promise<void> => {
  limitsOf(line)
  warmUpSecondsOf(line)
  const file = line.text('hgrm')
  if (file !== undefined) await expectWritable(file)
}

/** What is pressed, and what comes before it and beside it. */
export type Pressed = {
  plan: VolleyPlan
  /** The same votes, but only the good ones, for so long. */
  warmUp(seconds: number): VolleyPlan
  /** Thresholds that are not flags, and were not met. */
  missed?: (report: Pick<VolleyReport, 'volley'>) => string[]
  beside?: Beside | undefined
}

/**
 * Plays a volley, behind a warm-up where that is asked for, reconciles, prints.
 *
 * @returns whether it passed
 */
export const press = async (line: CommandLine, ground: Ground, pressed: Pressed): Promise<boolean> => {
  const { poll, url } = ground
  const report = await closedAnyhow(ground, say, (own) => play(line, own, pressed))
  console.log(line.on('json') ? JSON.stringify({ poll, url, ...report }, null, 2) : volleyText(report))
  const file = line.text('hgrm')
  if (file !== undefined) await writeHgrm(file, report.volley.histogram)
  return report.failures.length === 0
}

const play = async (
  line: CommandLine,
  ground: Ground,
  { plan, warmUp, missed = () => [], beside }: Pressed,
): Promise<VolleyReport> => {
  const limits = limitsOf(line)
  const judge = (found: Omit<VolleyReport, 'failures'>) => [...brokenLimits(limits, found), ...missed(found)]
  const { poll, url } = ground
  const events = volleyEvents(`Voting in ${poll} at ${url}; Ctrl-C stops.`, say)
  const world = [surroundingsOf(ground), patienceOf(line), events, { beside }] as const
  const seconds = warmUpSecondsOf(line)
  if (seconds === 0) return await runVolley(plan, judge, ...world)
  const before = warmUp(seconds)
  return await runWarm({ plan: before, events: warmUpEvents(before, say) }, plan, judge, ...world)
}
