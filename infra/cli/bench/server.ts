import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { LoadError } from '../../../load/load-error.ts'

/** A server in a process of its own. */
export type ServerProcess = { stop(): Promise<void> }

const readyWithinMs = 60_000
const stopWithinMs = 10_000

/**
 * Starts a Node program and waits until it prints `ready`.
 *
 * @throws LoadError when it ends, or a minute passes, before that; with what it has printed
 */
export const startServer = (args: readonly string[], ready: string): Promise<ServerProcess> =>
  startProgram(process.execPath, args, ready)

/** The same for any program. */
export const startProgram = async (
  file: string,
  args: readonly string[],
  ready: string,
): Promise<ServerProcess> => {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close').catch(() => {})
  let output = ''
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await ended
    clearTimeout(timer)
  }
  const isReady = new Promise<boolean>((resolve) => {
    const keep = (text: string): void => {
      output = (output + text).slice(-10_000)
      if (output.includes(ready)) resolve(true)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.on('error', (error) => keep(error.message))
    child.on('close', () => resolve(false))
    setTimeout(() => resolve(false), readyWithinMs).unref()
  })
  if (await isReady) return { stop }
  await stop()
  throw new LoadError(`"${[file, ...args].join(' ')}" did not start:\n${output}`)
}

/** Ports that were free a moment ago. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer())
  const ports: number[] = []
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
