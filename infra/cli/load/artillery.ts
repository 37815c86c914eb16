import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArtilleryReport } from '../../../load/artillery-report.ts'

/** Artillery has a package.json of its own: its tree is larger than all the rest, and only its scenarios need it. */
const folder = join(import.meta.dirname, '..', '..', '..', 'load', 'artillery')

/** Says which lock file the install beside it was made from. */
const mark = join(folder, 'node_modules', '.placar-installed')

/**
 * Installs Artillery from its lock file, unless that has been done. No install script runs: nothing here needs one.
 *
 * @throws Error when npm cannot be started or fails; it has then said why on stderr
 */
export const installArtillery = async (say: (text: string) => void): Promise<void> => {
  const lock = createHash('sha256')
    .update(await readFile(join(folder, 'package-lock.json')))
    .digest('hex')
  if ((await readFile(mark, 'utf8').catch(() => undefined)) === lock) return
  say('Installing Artillery into load/artillery, about 460 MB, once; this takes a minute or more …\n')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  const { file, first, shell } = findNpm()
  // npm hands its own project's folder down to its scripts; --prefix says that this is another one.
  const args = [...first, 'ci', '--prefix', folder, '--prefer-offline', '--no-engine-strict', ...flags]
  const code = await run(file, args, { shell, tick: (seconds) => say(`  … ${seconds} s\n`) })
  if (code !== 0)
    throw new Error('Artillery could not be installed; mend what npm says above, then try again.')
  await writeFile(mark, lock)
}

/**
 * Runs a scenario on the Node that runs this.
 *
 * @param scenario a file in load/artillery
 * @returns what it reports, and whether its own thresholds were met
 * @throws Error when it ended without a report
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
    const artillery = join(folder, 'node_modules', 'artillery', 'bin', 'run')
    const settings = ['--target', target, '--variables', JSON.stringify(variables), '--output', file]
    const code = await run(
      process.execPath,
      [artillery, 'run', join(folder, scenario), '--quiet', ...settings],
      {
        tick: (seconds) => say(`  … ${seconds} s\n`),
      },
    )
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new Error(`Artillery ended with exit code ${code} and without a report.`, { cause })
    })
    return { report: JSON.parse(text) as ArtilleryReport, passed: code === 0 }
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}

const tickSeconds = 5

/** Runs a program, its output on stderr. Ctrl-C reaches it by itself and is left to it. @returns its exit code */
const run = (
  file: string,
  args: readonly string[],
  { shell = false, tick }: { shell?: boolean; tick(seconds: number): void },
): Promise<number> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, ARTILLERY_DISABLE_TELEMETRY: 'true' }
    const child = spawn(file, args, { shell, env, stdio: ['ignore', 2, 2] })
    let seconds = 0
    const timer = setInterval(() => tick((seconds += tickSeconds)), tickSeconds * 1_000)
    const wait = (): void => {}
    process.on('SIGINT', wait)
    const ended = (): void => {
      clearInterval(timer)
      process.off('SIGINT', wait)
    }
    child.on('error', (cause) => {
      ended()
      reject(new Error(`${file} cannot be started.`, { cause }))
    })
    child.on('close', (code) => {
      ended()
      resolve(code ?? 1)
    })
  })

/** The npm that runs this script, otherwise the one on the PATH. */
const findNpm = (): { file: string; first: string[]; shell: boolean } => {
  const cli = process.env.npm_execpath ?? ''
  if (/npm-cli\.js$/.test(cli)) return { file: process.execPath, first: [cli], shell: false }
  const windows = process.platform === 'win32'
  return { file: windows ? 'npm.cmd' : 'npm', first: [], shell: windows }
}
