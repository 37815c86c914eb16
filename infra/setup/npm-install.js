import { spawn } from 'node:child_process'
import { broughtNode, firstOnPath } from './scripts-node.js'

/** How much of npm's output is kept for the case that it fails, in characters. */
const maxOutput = 20_000

/**
 * Installs `runtime` or `all` of the lock file, in place: unlike `npm ci` it leaves alone what is already right, so a
 * server that runs from this node_modules goes on. Neither package.json nor package-lock.json is written.
 *
 * npm leaves out native packages whose `engines` do not name the Node that npm itself runs on. So it runs on the Node that
 * is brought; and where this install has only just brought it, a second round fetches what the first left out.
 *
 * @param bringNode whether install scripts run: the one that does anything is that of the package `node`, which fetches
 *   a Node of over 100 MB. (npm 11.19 asks package.json's `allowScripts` too; older ones run all of them.)
 * @param started called with npm's process id
 * @returns `{ ok, interrupted, output }`; `interrupted`: it was ended by a signal, as by Ctrl-C
 */
export const npmInstall = async (root, lock, set, bringNode, started) => {
  const options = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  // The versions are fixed, so cached metadata will do; and a user's own settings may ask for less.
  options.push('--prefer-offline', '--no-engine-strict', '--include=optional')
  options.push(set === 'all' ? '--include=dev' : '--omit=dev')
  if (!bringNode) options.push('--ignore-scripts')

  const before = broughtNode(root, lock.nodeVersion)
  const result = await run(root, before, options, started)
  const after = broughtNode(root, lock.nodeVersion)
  const justBrought = before === undefined && after !== undefined
  return result.ok && justBrought ? await run(root, after, options, started) : result
}

const run = (root, node, options, started) =>
  new Promise((resolve, reject) => {
    const { file, first, shell } = findNpm(node)
    const env = node === undefined ? process.env : firstOnPath(root)
    const stdio = ['ignore', 'pipe', 'pipe']
    const npm = spawn(file, [...first, 'install', ...options], { cwd: root, shell, env, stdio })
    let output = ''
    const keep = (text) => {
      output = (output + text).slice(-maxOutput)
    }
    npm.stdout.setEncoding('utf8').on('data', keep)
    npm.stderr.setEncoding('utf8').on('data', keep)

    // Ctrl-C and a closing terminal reach npm by themselves, and it cleans up; a second signal would stop it from that.
    let interrupted = false
    const wait = () => {
      interrupted = true
    }
    const pass = () => {
      interrupted = true
      npm.kill('SIGTERM')
    }
    const handlers = { SIGINT: wait, SIGHUP: wait, SIGTERM: pass }
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)

    npm.on('spawn', () => started(npm.pid))
    npm.on('error', (cause) => reject(new Error(`npm cannot be started (${cause.message}).`, { cause })))
    npm.on('close', (code) => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler)
      resolve({ ok: code === 0, interrupted: interrupted && code !== 0, output })
    })
  })

/** The npm that runs this script; otherwise (yarn, pnpm, or run by hand) the one on the PATH. */
const findNpm = (node) => {
  const {
    npm_execpath: cli,
    npm_node_execpath: own = process.execPath,
    npm_config_user_agent: agent,
  } = process.env
  const windows = process.platform === 'win32'
  const found =
    cli !== undefined && /npm-cli\.js$/.test(cli)
      ? { file: node ?? own, first: [cli], shell: false }
      : { file: windows ? 'npm.cmd' : 'npm', first: [], shell: windows }
  // npm before 9.6.5 (Node 20.0 and 20.1 have it) takes no Linux for one with glibc, and so leaves out native packages.
  const tooOld = /^npm\/([0-8]|9\.[0-5]|9\.6\.[0-4])\D/.test(agent ?? '')
  return tooOld ? { ...found, first: [...found.first, 'exec', '--yes', '--', 'npm@10'] } : found
}
