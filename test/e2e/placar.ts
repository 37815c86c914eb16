import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { nodeFlags } from '../../infra/cli/start/node-flags.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'
import { until } from '../infra/local/until.ts'

/** A Placar started as a user starts it, as processes of its own. */
export type Placar = {
  url: string
  awsEndpoint: string
  folder: string
  /** Everything it has printed so far. */
  output(): string
  process: ChildProcess
  /** Ends the whole process tree at once, without a chance to clean up. */
  killTree(): Promise<void>
  /** Sends SIGTERM and waits for the end. @returns the exit code */
  stop(): Promise<number | null>
}

const start = join(import.meta.dirname, '../../infra/cli/start.ts')

/** Starts `npm start`'s script with these flags; settles when it has ended or runs. */
export const run = async (
  args: readonly string[],
): Promise<{ child: ChildProcess; output: () => string }> => {
  const child = spawn(process.execPath, [...nodeFlags, start, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  onTestFinished(() => killGroup(child))
  return { child, output: () => output }
}

/** Waits for the end of a process. @returns its exit code */
export const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve))

export type StartOptions = {
  folder?: string
  ports?: { port: number; awsPort: number }
  flags?: readonly string[]
}

/** Starts Placar on free ports and, unless told otherwise, in a folder of its own; settles when it takes votes. */
export const startPlacar = async ({ folder, ports, flags = [] }: StartOptions = {}): Promise<Placar> => {
  const dataFolder = folder ?? (await temporaryFolder())
  const { port, awsPort } = ports ?? { port: await freePort(), awsPort: await freePort() }
  const args = ['--port', `${port}`, '--aws-port', `${awsPort}`, '--data-dir', dataFolder, ...flags]
  const { child, output } = await run(args)
  await until(() => {
    if (child.exitCode !== null) throw new Error(`Placar ended with code ${child.exitCode}:\n${output()}`)
    return output().includes('Placar is running')
  })
  return {
    url: `http://127.0.0.1:${port}`,
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    folder: dataFolder,
    output,
    process: child,
    killTree: async () => {
      killGroup(child)
      await ended(child)
    },
    stop: () => {
      child.kill('SIGTERM')
      return ended(child)
    },
  }
}

const killGroup = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

/** The instance's answer to a read, as JSON. */
export const read = async <T>(placar: Pick<Placar, 'url'>, path: string): Promise<T> => {
  const response = await fetch(placar.url + path)
  if (!response.ok) throw new Error(`${path} was answered ${response.status}`)
  return (await response.json()) as T
}
