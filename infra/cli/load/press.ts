import { setTimeout as sleep } from 'node:timers/promises'
import { countReader } from '../../../load/count.ts'
import { brokenLimits } from '../../../load/limits.ts'
import { type Patience, patience, type Surroundings } from '../../../load/reconcile.ts'
import { volleyText } from '../../../load/report.ts'
import { type Beside, runVolley, type VolleyReport } from '../../../load/run.ts'
import type { VolleyPlan } from '../../../load/volley/play.ts'
import type { CommandLine } from '../command.ts'
import { explainUnanswered, type Ground } from './ground.ts'
import { expectWritable, writeHgrm } from './hgrm-file.ts'
import { countProgress, say, volleyEvents } from './progress.ts'
import { limitsOf } from './volley-flags.ts'

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
  const file = line.text('hgrm')
  if (file !== undefined) await expectWritable(file)
}

/**
 * Plays a volley, reconciles, prints.
 *
 * @param missed thresholds that are not flags, and were not met
 * @returns whether it passed
 */
export const press = async (
  line: CommandLine,
  ground: Ground,
  plan: VolleyPlan,
  missed: (report: Pick<VolleyReport, 'volley'>) => string[] = () => [],
  beside?: Beside,
): Promise<boolean> => {
  const limits = limitsOf(line)
  const report = await runVolley(
    plan,
    (found) => [...brokenLimits(limits, found), ...missed(found)],
    surroundingsOf(ground),
    patienceOf(line),
    volleyEvents(`Voting in ${ground.poll} at ${ground.url}`, say),
    beside,
  ).catch((error: unknown) => {
    throw explainUnanswered(error, ground.url)
  })
  const { poll, url } = ground
  console.log(line.on('json') ? JSON.stringify({ poll, url, ...report }, null, 2) : volleyText(report))
  const file = line.text('hgrm')
  if (file !== undefined) await writeHgrm(file, report.volley.histogram)
  return report.failures.length === 0
}
