import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * The longer runs of the tests that kill Placar, `npm run killed`: twenty kills each, not three. It sets the number itself,
 * since a shell would say it differently on each system.
 */
const kills = process.env.PLACAR_KILLS ?? '20'
const tests = ['test/e2e/killed.e2e.test.ts', 'test/e2e/closing-killed.e2e.test.ts']

const projectFolder = join(import.meta.dirname, '../..')
const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs')

const run = spawn(process.execPath, [vitest, 'run', ...tests], {
  cwd: projectFolder,
  env: { ...process.env, PLACAR_KILLS: kills },
  stdio: 'inherit',
})
run.once('exit', (code) => {
  process.exitCode = code ?? 1
})
