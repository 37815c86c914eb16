import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * The longer run of killed.e2e.test.ts, `npm run killed`: ten kills, not three. It sets the number itself, since a shell
 * would say it differently on each system.
 */
const kills = process.env.PLACAR_KILLS ?? '10'

const projectFolder = join(import.meta.dirname, '../..')
const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs')

const run = spawn(process.execPath, [vitest, 'run', 'test/e2e/killed.e2e.test.ts'], {
  cwd: projectFolder,
  env: { ...process.env, PLACAR_KILLS: kills },
  stdio: 'inherit',
})
run.once('exit', (code) => {
  process.exitCode = code ?? 1
})
