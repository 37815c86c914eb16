import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from '../../../load/volley/connection.ts'
import { parseWeights } from '../../../load/volley/mix.ts'
import { readCommandLine } from '../command.ts'
import { findInstance, type Instance, instanceFlags } from '../instance.ts'
import { unlessAborted } from '../interruption.ts'
import { defaultOptions } from '../load/ground.ts'
import { nodeFlags } from '../start/node-flags.ts'
import { freePorts, startServer } from './server.ts'

/** A new Placar in a process of its own; its poll `demo` is open. */
export type OwnPlacar = { url: string; address: Address; instance: Instance }

/** The poll that a new data folder comes with, and its options, which are those of a load scenario's own poll. */
export const demoPoll = 'demo'
export const demoOptions = parseWeights(defaultOptions)

const start = join(import.meta.dirname, '..', 'start.ts')

/**
 * Starts a Placar on free ports and in a temporary folder, and leaves nothing of it behind, aborted or not.
 *
 * @param flags more flags of `npm start`
 * @throws LoadError when it does not start; the signal's reason when it is aborted
 */
export const withOwnPlacar = async <T>(
  flags: readonly string[],
  signal: AbortSignal,
  work: (placar: OwnPlacar) => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'placar-bench-'))
  try {
    const [port = 0, awsPort = 0] = await freePorts(2)
    const ports = ['--port', String(port), '--aws-port', String(awsPort)]
    const args = [...nodeFlags, start, ...ports, '--data-dir', folder, ...flags]
    const server = await startServer(args, 'Placar is running').catch((error: unknown) => {
      // A Ctrl-C reaches it as well, and ends it before it runs.
      throw signal.aborted ? signal.reason : error
    })
    try {
      const instance = await findInstance(readCommandLine(['--data-dir', folder], instanceFlags), {})
      const address = { host: '127.0.0.1', port, basePath: '' }
      return await unlessAborted(signal, work({ url: `http://127.0.0.1:${port}`, address, instance }))
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
