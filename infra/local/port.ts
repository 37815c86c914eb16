import { createServer, isIPv6 } from 'node:net'
import { serverName } from './gateway/request-handler.ts'

/** A port that cannot be listened on; the message says how to mend it. */
export class PortError extends Error {
  override name = 'PortError'
}

/** Where something that listens on `host`, a name or an address, is reached. */
export const urlOf = (host: string, port: number): string =>
  `http://${isIPv6(host) ? `[${host}]` : host}:${port}`

/** Throws `PortError` when nothing can listen there, saying so if it is another Placar that does. */
export const expectFreePort = async (host: string, port: number, flag: string): Promise<void> => {
  const failure = await tryListen(host, port)
  if (failure === undefined) return
  if (failure.code !== 'EADDRINUSE')
    throw new PortError(
      `Cannot listen on ${host}:${port} (${failure.message}). Choose another with ${flag} or --host.`,
    )
  if (await isPlacar(host, port))
    throw new PortError(
      `Placar is already running at ${urlOf(host, port)}. Use that one, or start a second one with ${flag}, --aws-port and --data-dir of its own.`,
    )
  throw new PortError(`Port ${port} on ${host} is in use by another program. Choose a free one with ${flag}.`)
}

const tryListen = (host: string, port: number): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })

const isPlacar = async (host: string, port: number): Promise<boolean> => {
  try {
    const answer = await fetch(`${urlOf(host, port)}/health`, { signal: AbortSignal.timeout(1000) })
    return answer.headers.get('server') === serverName
  } catch {
    return false
  }
}
