// The pre-step of every npm command: `node infra/setup/prepare.js runtime|all` installs what the command needs, once, and
// sees to it that the scripts run on a Node that takes our TypeScript as it is. It is plain JavaScript without packages,
// since it runs before any is installed, on whatever Node (20.0 or newer) the machine has.

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beginInstall, endInstall, isInstalled, setToInstall } from './installed.js'
import { readLock } from './lock-file.js'
import { npmInstall } from './npm-install.js'
import { hasBroughtNode, major, scriptsNodeVersion } from './scripts-node.js'
import { takeTurn } from './turn.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const wanted = process.argv[2]
const command = commandName(process.env.npm_lifecycle_event)

try {
  process.exitCode = await prepare()
} catch (error) {
  process.exitCode = fail(`Set-up failed: ${error instanceof Error ? error.message : error}`)
}

async function prepare() {
  if (wanted !== 'runtime' && wanted !== 'all')
    return fail(`Set-up expects "runtime" or "all", not ${JSON.stringify(wanted)}.`)
  const lock = readLock(root)
  const neededMajor = major(lock.nodeVersion)
  const nodeIsThere = () => hasBroughtNode(root) || major(process.version) >= neededMajor
  const upToDate = () => isInstalled(root, lock, wanted) && nodeIsThere()

  const mayChange = !upToDate()
  if (mayChange) {
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    const turn = await takeTurn(join(root, 'node_modules', '.placar-setup.lock'), () =>
      console.error('Waiting for another set-up in this folder…'),
    )
    try {
      if (!upToDate()) {
        const problem = await install(lock, hasBroughtNode(root) || !nodeIsThere(), turn)
        if (problem !== undefined) return problem
      }
    } finally {
      turn.end()
    }
  }

  const version = scriptsNodeVersion(root, neededMajor, mayChange)
  if (major(version) >= neededMajor) return 0
  return fail(
    `Placar needs Node ${neededMajor} or newer, this machine has ${version}, and npm could not bring one (package "node"): ` +
      `install Node ${neededMajor} from https://nodejs.org, then run ${command} again.`,
  )
}

/** The exit code of what went wrong, or `undefined`. */
async function install(lock, bringNode, turn) {
  const set = setToInstall(root, wanted)
  console.error(`Installing what ${command} needs (once, some minutes on a slow line)…`)
  beginInstall(root, lock, { reinstallNode: bringNode && !hasBroughtNode(root) })
  const { ok, interrupted, output } = await npmInstall(root, lock, set, bringNode, (pid) => turn.note(pid))
  if (interrupted) return 130
  if (!ok) {
    console.error(output.trimEnd())
    return fail(
      `Installing failed: mend what npm says above (most often the network), then run ${command} again.`,
    )
  }
  endInstall(root, lock, set)
  return undefined
}

function fail(line) {
  console.error(line)
  return 1
}

/** @param event the npm script that runs, such as `prestart`; unset when there is none */
function commandName(event) {
  const script = event?.replace(/^pre/, '')
  if (script === undefined) return 'Placar'
  return script === 'start' || script === 'test' ? `"npm ${script}"` : `"npm run ${script}"`
}
