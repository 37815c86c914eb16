import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { LoadError } from '../../../load/load-error.ts'

const sayEveryMs = 5_000

/**
 * Runs a program with its output on stderr, saying now and then that it still runs. Ctrl-C reaches it by itself and is
 * left to it.
 *
 * @param options.onLine takes the lines of its standard output instead, and says what there is to say of them
 * @returns its exit code
 * @throws LoadError when it cannot be started
 */
export const runChild = (
  file: string,
  args: readonly string[],
  say: (text: string) => void,
  options: { shell?: boolean; env?: Record<string, string>; onLine?: (line: string) => void } = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const { shell = false, env = {}, onLine } = options
    const stdout = onLine === undefined ? 2 : 'pipe'
    const child = spawn(file, args, { shell, env: { ...process.env, ...env }, stdio: ['ignore', stdout, 2] })
    if (child.stdout !== null && onLine !== undefined)
      createInterface({ input: child.stdout }).on('line', onLine)
    const startedAt = performance.now()
    const stillRuns = (): void => say(`  … ${Math.round((performance.now() - startedAt) / 1_000)} s\n`)
    const timer = onLine === undefined ? setInterval(stillRuns, sayEveryMs) : undefined
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
