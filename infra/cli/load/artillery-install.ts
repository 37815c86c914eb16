import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoadError } from '../../../load/load-error.ts'
import { runChild } from './child.ts'

/** Artillery has a package.json of its own: its tree is larger than all the rest, and only its scenarios need it. */
export const artilleryFolder = join(import.meta.dirname, '..', '..', '..', 'load', 'artillery')

/** Says which lock file the install beside it was made from. */
const mark = join(artilleryFolder, 'node_modules', '.placar-installed')

/**
 * Installs Artillery from its lock file, unless that has been done. No install script runs: nothing here needs one.
 *
 * @throws LoadError when npm cannot be started or fails; it has then said why on stderr
 */
export const installArtillery = async (say: (text: string) => void): Promise<void> => {
  const lock = createHash('sha256')
    .update(await readFile(join(artilleryFolder, 'package-lock.json')))
    .digest('hex')
  if ((await readFile(mark, 'utf8').catch(() => undefined)) === lock) return
  say('Installing Artillery into load/artillery, about 460 MB, once; this takes a minute or more …\n')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  const { file, first, shell } = findNpm()
  // npm hands its own project's folder down to its scripts; --prefix says that this is another one.
  const args = [
    ...first,
    'ci',
    '--prefix',
    artilleryFolder,
    '--prefer-offline',
    '--no-engine-strict',
    ...flags,
  ]
  const code = await runChild(file, args, say, { shell })
  if (code !== 0)
    throw new LoadError('Artillery could not be installed; mend what npm says above, then try again.')
  await writeFile(mark, lock)
}

/** The npm that runs this script, otherwise the one on the PATH. */
const findNpm = (): { file: string; first: string[]; shell: boolean } => {
  const cli = process.env.npm_execpath ?? ''
  if (/npm-cli\.js$/.test(cli)) return { file: process.execPath, first: [cli], shell: false }
  const windows = process.platform === 'win32'
  return { file: windows ? 'npm.cmd' : 'npm', first: [], shell: windows }
}
