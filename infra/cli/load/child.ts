import { spawn } from 'node:child_process'
import { LoadError } from '../../../load/load-error.ts'

const sayEveryMs = 5_000

/**
 * Runs a program with its output on stderr, saying now and then that it still runs. Ctrl-C reaches it by itself and is
 * left to it.
 *
 * @returns its exit code
 * @throws LoadError when it cannot be started
 */
export const runChild = (
  file: string,
  args: readonly string[],
  say: (text: string) => void,
  { shell = false, env = {} }: { shell?: boolean; env?: Record<string, string> } = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { shell, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] })
    const startedAt = performance.now()
    const timer = setInterval(
      () => say(`  … ${Math.round((performance.now() - startedAt) / 1_000)} s\n`),
      sayEveryMs,
    )
    const wait = (): void => {}
    process.on('SIGINT', wait)
    const ended = (): void => {
      clearInterval(timer)
      process.off('SIGINT', wait)
    }
    child.on('error', (cause) => {
      ended()
      reject(new LoadError(`${file} cannot be started.`, { cause }))
    })
    child.on('close', (code) => {
      ended()
      resolve(code ?? 1)
    })
  })
