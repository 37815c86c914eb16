import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArtilleryReport } from '../../../load/artillery-report.ts'
import { LoadError } from '../../../load/load-error.ts'
import { artilleryFolder } from './artillery-install.ts'
import { runChild } from './child.ts'

/**
 * Runs a scenario on the Node that runs this.
 *
 * @param scenario a file in load/artillery
 * @returns what it reports, and whether its own thresholds were met
 * @throws LoadError when it ended without a report
 */
export const runArtillery = async (
  scenario: string,
  target: string,
  variables: Record<string, string>,
  say: (text: string) => void,
): Promise<{ report: ArtilleryReport; passed: boolean }> => {
  const output = await mkdtemp(join(tmpdir(), 'placar-artillery-'))
  try {
    const file = join(output, 'report.json')
    const artillery = join(artilleryFolder, 'node_modules', 'artillery', 'bin', 'run')
    const settings = ['--target', target, '--variables', JSON.stringify(variables), '--output', file]
    const args = [artillery, 'run', join(artilleryFolder, scenario), '--quiet', ...settings]
    const code = await runChild(process.execPath, args, say, { env: { ARTILLERY_DISABLE_TELEMETRY: 'true' } })
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new LoadError(`Artillery ended with exit code ${code} and without a report.`, { cause })
    })
    return { report: JSON.parse(text) as ArtilleryReport, passed: code === 0 }
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}
