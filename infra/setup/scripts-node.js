import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const binFolder = (root) => join(root, 'node_modules', '.bin')
const links = ['node', 'node.cmd', 'node.ps1']

/** Whether the npm package `node` has put a Node where npm scripts look first. */
export const hasBroughtNode = (root) => links.some((link) => existsSync(join(binFolder(root), link)))

/** The file of the brought Node, if it is of this version and runs on this machine. */
export const broughtNode = (root, version) => {
  const file = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(file)) return undefined
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return stdout?.trim() === `v${version}` ? file : undefined
}

/** The environment in which `node` is the brought one, as it is in npm's scripts. */
export const firstOnPath = (root) => {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [name]: `${binFolder(root)}${delimiter}${process.env[name] ?? ''}` }
}

/**
 * The version of the Node that npm scripts run, such as `v24.21.0`. A brought Node that does not run on this machine
 * (built for another C library, say) is unlinked, so that the machine's own is no longer hidden behind it.
 *
 * @param changed whether node_modules may have changed since this process started
 */
export const scriptsNodeVersion = (root, neededMajor, changed) => {
  // npm has chosen the Node of this very process as it will choose the script's.
  const isScripts = process.env.npm_lifecycle_event !== undefined || !hasBroughtNode(root)
  if (isScripts && !changed) return process.version
  const version = firstNodeVersion(root)
  if (major(version) >= neededMajor || !hasBroughtNode(root)) return version
  for (const link of links) rmSync(join(binFolder(root), link), { force: true })
  return firstNodeVersion(root)
}

/** `v24.21.0` → 24; 0 for anything else. */
export const major = (version) => Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0)

/** Found as npm's shell finds it, on Windows too, where it may be a .cmd file. */
const firstNodeVersion = (root) => {
  const { stdout } = spawnSync('node --version', { shell: true, env: firstOnPath(root), encoding: 'utf8' })
  return stdout?.trim() || 'none'
}
