import { setTimeout as sleep } from 'node:timers/promises'
import { artilleryOutcome } from '../../../load/artillery-report.ts'
import { complaint } from '../../../load/comparison.ts'
import { countReader } from '../../../load/count.ts'
import { patience, reconcile, takeBaseline } from '../../../load/reconcile.ts'
import { smokeText } from '../../../load/report.ts'
import { votesIn } from '../../../load/tally.ts'
import { type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { installArtillery } from './artillery-install.ts'
import { runArtillery } from './artillery-run.ts'
import { explainUnanswered, findGround, groundFlags } from './ground.ts'
import type { Choice } from './menu.ts'
import { countProgress, say } from './progress.ts'

const flags = {
  json: { says: 'print the result as JSON' },
  ...groundFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run load -- smoke [flags]

Half a minute of mixed votes and deliberate mistakes by Artillery (load/artillery/smoke.yml); then the count must equal
what was accepted. On first use, Artillery is installed into load/artillery: about 460 MB, needed by nothing else.

${flagLines(flags)}`

/** What smoke.yml votes for. */
const options = ['ana', 'bia', 'caio', 'davi']

/** Longer than smoke.yml takes. */
const runMs = 60_000

export const smokeScenario: Choice = {
  summary:
    'half a minute of mixed votes and deliberate mistakes, by Artillery (installs ~460 MB on first use)',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    await installArtillery(say)
    const ground = await findGround(line, undefined, runMs)
    const missing = options.filter((id) => !ground.options.some(({ option }) => option === id))
    if (missing.length > 0)
      throw new UsageError(`The poll ${ground.poll} lacks ${missing.join(', ')}, which smoke.yml votes for.`)
    const report = await smoke(ground).catch((error: unknown) => {
      throw explainUnanswered(error, ground.url)
    })
    console.log(line.on('json') ? JSON.stringify(report, null, 2) : smokeText(report))
    return report.failures.length === 0
  },
}

const smoke = async ({ url, poll }: { url: string; poll: string }) => {
  const reader = countReader(url, poll)
  const baseline = await takeBaseline(reader)
  say(`Voting in ${poll} at ${url}; Ctrl-C stops.\n`)
  const { report, passed } = await runArtillery('smoke.yml', url, { poll }, say)
  const outcome = artilleryOutcome(report)
  say(`${votesIn(outcome.accepted)} votes accepted; comparing with the count.\n`)
  const surroundings = {
    reader,
    now: Date.now,
    sleep: (ms: number) => sleep(ms),
    progress: countProgress(say, Date.now),
  }
  const verdict = await reconcile({ ...outcome, lastAnswerAt: null }, baseline, surroundings, patience)
  const failures = verdict.comparisons.map(complaint).filter((text) => text !== undefined)
  if (votesIn(outcome.accepted) === 0) failures.push('not one vote was accepted')
  if (outcome.unexpected > 0) failures.push(`${outcome.unexpected} answers were not as smoke.yml expects`)
  if (!passed) failures.push('a threshold of smoke.yml was not met')
  return {
    poll,
    url,
    outcome,
    response: report.aggregate.summaries?.['http.response_time'],
    verdict,
    failures,
  }
}
