import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readFlags, runCommand } from '../../infra/cli/command.ts'

/**
 * The longer runs of the tests that kill Placar, `npm run killed`: twenty kills each, not three. It sets the number itself,
 * since a shell would say it differently on each system.
 */
const kills = process.env.PLACAR_KILLS ?? '20'
const tests = ['test/e2e/killed.e2e.test.ts', 'test/e2e/closing-killed.e2e.test.ts']

const projectFolder = join(import.meta.dirname, '../..')
const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs')

const help = `npm run killed

Sends votes to Placar, kills it ${kills} times, starts it again in its folder each time, and compares what was accepted
with what is counted; then the same while polls close. It takes about 8 minutes, on loopback ports of its own.
The exit code is 0 when every vote was counted once.`

const runTests = (): void => {
  const run = spawn(process.execPath, [vitest, 'run', ...tests], {
    cwd: projectFolder,
    env: { ...process.env, PLACAR_KILLS: kills },
    stdio: 'inherit',
  })
  run.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

await runCommand(async (args) => {
  if (readFlags(args, { help: { says: 'this help' } }, help) !== undefined) runTests()
})
