import { takeBaseline } from '../../../load/reconcile.ts'
import { artilleryText } from '../../../load/report.ts'
import { settle, unexpectedText } from '../../../load/settle.ts'
import { votesIn } from '../../../load/tally.ts'
import { type CommandLine, UsageError } from '../command.ts'
import { installArtillery } from './artillery-install.ts'
import { runWithArtillery } from './artillery-run.ts'
import { closedAnyhow } from './closed-anyhow.ts'
import type { Ground } from './ground.ts'
import { patienceOf, surroundingsOf } from './press.ts'
import { say } from './progress.ts'
import { warmUpSecondsOf } from './volley-flags.ts'

/** What only volley does. */
const volleyOnly = [
  'connections',
  'pipeline',
  'workers',
  'seed',
  'warm-up',
  'hgrm',
  'max-p99-ms',
  'max-counted-p99-ms',
  'min-rate-held',
  'min-accepted-rate',
  'max-final-ms',
]

/**
 * Runs a scenario by Artillery, reconciles, prints.
 *
 * @param file the scenario's YAML
 * @param findGround finds or makes the poll, once Artillery is installed
 * @returns whether it passed
 */
export const runByArtillery = async (
  line: CommandLine,
  file: string,
  scale: number,
  findGround: () => Promise<Ground>,
): Promise<boolean> => {
  const other = volleyOnly.find((name) => line.said(name))
  if (other !== undefined)
    throw new UsageError(`--${other} is for volley; Artillery takes its settings from the scenario's file.`)
  const warmUp = warmUpSecondsOf(line)
  if (warmUp > 0) say(`Artillery plays no warm-up; the scenario's, of ${warmUp} s, is for volley.\n`)
  await installArtillery(say)
  const ground = await findGround()
  const { url, poll } = ground
  const report = await closedAnyhow(ground, say, (own) => run(line, { file, scale }, own))
  console.log(line.on('json') ? JSON.stringify({ poll, url, ...report }, null, 2) : artilleryText(report))
  return report.failures.length === 0
}

const run = async (line: CommandLine, scenario: { file: string; scale: number }, ground: Ground) => {
  const surroundings = surroundingsOf(ground)
  const baseline = await takeBaseline(surroundings.reader)
  const { url, poll } = ground
  say(`Voting in ${poll} at ${url}; Ctrl-C stops.\n`)
  const { outcome, response, missed, passed } = await runWithArtillery({ ...scenario, url, poll }, say)
  say(`${votesIn(outcome.accepted)} votes accepted; comparing with the count.\n`)
  const settled = await settle(outcome, baseline, surroundings, patienceOf(line))
  const failures = [...settled.failures, ...missed]
  if (outcome.unexpected > 0) failures.push(unexpectedText(outcome.unexpected))
  if (!passed && failures.length === 0) failures.push('Artillery ended with an error; it says which above')
  return { outcome, response, ...settled, failures }
}
