import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const setupFolder = new URL('../../../infra/setup/', import.meta.url)

export type SetupRun = { code: number | null; output: string }

/** A copy of a fixture that one test may spoil. */
export type Project = {
  path: (...names: string[]) => string
  read: (...names: string[]) => string
  write: (text: string, ...names: string[]) => void
  /** Runs `prepare.js` as a pre-script does; `output` is all that it prints. */
  prepare: (set: string, env?: NodeJS.ProcessEnv) => Promise<SetupRun>
  npm: (...options: string[]) => void
}

/** What the install script of the package `node` does in a project: `bring.cjs` there, run in the package's folder. */
const bringNode = (version: string) => `
  const fs = require('fs')
  fs.mkdirSync('bin', { recursive: true })
  const shell = '#!/bin/sh\\nif [ "$1" = --version ]; then echo v${version}; else exec "${process.execPath}" "$@"; fi\\n'
  fs.writeFileSync('bin/node', shell, { mode: 0o755 })`

/**
 * A project like ours with three packages: `votes` at run time, `checks` for development, and `node`, optional, in this
 * version, whose install script is the project's `bring.cjs`. The lock file is npm's own; nothing is installed yet. All
 * packages are tarballs in the project, so npm works offline.
 */
export const fixture = (nodeVersion: string) => {
  const base = mkdtempSync(join(tmpdir(), 'placar-setup-'))
  const model = join(base, 'model')
  const { npm_lifecycle_event: _, ...inherited } = process.env
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    npm_config_cache: join(base, 'cache'),
    npm_config_offline: 'true',
    npm_config_loglevel: 'silent',
  }
  const npmIn = (cwd: string, ...options: string[]) => {
    execFileSync('npm', options, { cwd, env, stdio: 'pipe', shell: process.platform === 'win32' })
  }
  const describe = (name: string, version: string, more = {}) => {
    mkdirSync(join(base, name))
    writeFileSync(join(base, name, 'package.json'), JSON.stringify({ name, version, ...more }))
    writeFileSync(join(base, name, 'index.js'), `module.exports = '${name}'`)
    return `file:${name}-${version}.tgz`
  }

  mkdirSync(model)
  cpSync(setupFolder, join(model, 'infra', 'setup'), { recursive: true })
  writeFileSync(join(model, 'bring.cjs'), bringNode(nodeVersion))
  const manifest = {
    name: 'fixture',
    version: '1.0.0',
    type: 'module',
    dependencies: { votes: describe('votes', '1.0.0') },
    devDependencies: { checks: describe('checks', '1.0.0') },
    optionalDependencies: {
      node: describe('node', nodeVersion, {
        bin: { node: 'bin/node' },
        scripts: { preinstall: 'node ../../bring.cjs' },
      }),
    },
    allowScripts: { node: true },
  }
  writeFileSync(join(model, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  npmIn(model, 'pack', ...['votes', 'checks', 'node'].map((name) => join(base, name)))
  npmIn(model, 'install', '--package-lock-only')

  let copies = 0
  return {
    project: (): Project => {
      copies += 1
      const folder = join(base, `project-${copies}`)
      cpSync(model, folder, { recursive: true })
      const path = (...names: string[]) => join(folder, ...names)
      return {
        path,
        read: (...names) => readFileSync(path(...names), 'utf8'),
        write: (text, ...names) => writeFileSync(path(...names), text),
        prepare: (set, more = {}) =>
          runPrepare(path('infra', 'setup', 'prepare.js'), set, { ...env, ...more }),
        npm: (...options) => npmIn(folder, ...options),
      }
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}

const runPrepare = (script: string, set: string, env: NodeJS.ProcessEnv): Promise<SetupRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, set], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (text: Buffer) => {
      output += text.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
