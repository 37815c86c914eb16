import { createServer } from 'node:http'

/** What a server's process has used: CPU time since its start in ms, and its memory now in bytes. */
export type ProcessUsage = { cpuMs: number; rss: number; heapUsed: number }

export const processUsage = (): ProcessUsage => {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return { cpuMs: (user + system) / 1_000, rss, heapUsed }
}

/** Tells this process's usage to whoever asks on a port of its own, beside the server that is measured. */
export const tellUsage = (port: number): void => {
  createServer((_, response) => response.end(JSON.stringify(processUsage()))).listen(port, '127.0.0.1')
}

/** The usage of the process that tells it on `port`. */
export const askUsage = async (port: number): Promise<ProcessUsage> => {
  const response = await fetch(`http://127.0.0.1:${port}`)
  return (await response.json()) as ProcessUsage
}
