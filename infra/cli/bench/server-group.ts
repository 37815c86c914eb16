import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unlessAborted } from '../interruption.ts'
import { type ServerProcess, startProgram, startServer } from './server.ts'

/** The servers that a benchmark starts, and a temporary folder for what they keep. */
export type ServerGroup = {
  folder: string
  /** Start a server, as in server.ts; it is stopped in the end. */
  node(args: readonly string[], ready: string): Promise<void>
  program(file: string, args: readonly string[], ready: string): Promise<void>
}

/** Does `work` with servers of its own, then ends them and leaves nothing behind, aborted or not. */
export const withServers = async <T>(
  signal: AbortSignal,
  work: (servers: ServerGroup) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'placar-bench-'))
  const running: Promise<ServerProcess>[] = []
  const keep = async (server: Promise<ServerProcess>): Promise<void> => {
    running.push(server)
    await server
  }
  try {
    const group: ServerGroup = {
      folder,
      node: (args, ready) => keep(startServer(args, ready)),
      program: (file, args, ready) => keep(startProgram(file, args, ready)),
    }
    return await unlessAborted(signal, work(group))
  } finally {
    for (const server of await Promise.allSettled(running))
      if (server.status === 'fulfilled') await server.value.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
