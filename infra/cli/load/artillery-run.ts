import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import {
  type ArtilleryOutcome,
  type ArtilleryReport,
  artilleryOutcome,
} from '../../../load/artillery-report.ts'
import { LoadError } from '../../../load/load-error.ts'
import { artilleryFolder } from './artillery-install.ts'
import { artilleryLines } from './artillery-lines.ts'
import { type ArtilleryPhase, scaledPhases } from './artillery-phases.ts'
import { runChild } from './child.ts'

/** What Artillery did with a scenario. */
export type ArtilleryRun = {
  outcome: ArtilleryOutcome
  /** To the first byte of an answer, in ms, as Artillery measures it; absent when nothing was answered. */
  response: { p50: number; p99: number; max: number } | undefined
  /** The scenario's thresholds that were not met. */
  missed: readonly string[]
  /** Whether Artillery was content: thresholds met, every answer as expected. */
  passed: boolean
}

/**
 * Runs a scenario with Artillery, once that is installed, on the Node that runs this.
 *
 * @param file the scenario's YAML
 * @param url Placar's address, without a slash at its end
 * @param scale what the rates of its phases are multiplied by
 * @param say told of the progress
 * @throws LoadError when it ended without a report, or answered more than the names of its requests account for
 */
export const runWithArtillery = async (
  { file, url, poll, scale }: { file: string; url: string; poll: string; scale: number },
  say: (text: string) => void,
): Promise<ArtilleryRun> => {
  const output = await mkdtemp(join(tmpdir(), 'placar-artillery-'))
  try {
    const reportFile = join(output, 'report.json')
    const artillery = join(artilleryFolder, 'node_modules', 'artillery', 'bin', 'run')
    const overrides = JSON.stringify({ config: { phases: scaledPhases(await phasesOf(file), scale) } })
    const settings = ['--target', url, '--variables', JSON.stringify({ poll }), '--overrides', overrides]
    const args = [artillery, 'run', file, ...settings, '--output', reportFile]
    const startedAt = performance.now()
    const lines = artilleryLines(say, () => performance.now() - startedAt)
    const code = await runChild(process.execPath, args, say, {
      env: { ARTILLERY_DISABLE_TELEMETRY: 'true', FORCE_COLOR: '0' },
      onLine: lines.read,
    })
    const text = await readFile(reportFile, 'utf8').catch((cause: unknown) => {
      throw new LoadError(noReport(code), { cause })
    })
    const report = JSON.parse(text) as ArtilleryReport
    return {
      outcome: artilleryOutcome(report),
      response: report.aggregate.summaries?.['http.response_time'],
      missed: lines.missed(),
      passed: code === 0,
    }
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}

const phasesOf = async (file: string): Promise<ArtilleryPhase[]> => {
  const scenario = parse(await readFile(file, 'utf8')) as { config: { phases: ArtilleryPhase[] } }
  return scenario.config.phases
}

/** Artillery's exit code after Ctrl-C: it then writes no report. */
const interrupted = 130

const noReport = (code: number): string =>
  code === interrupted
    ? 'Artillery was stopped and gives no report, so nothing can be compared; let it end, or use volley.'
    : `Artillery ended with exit code ${code} and no report.`
