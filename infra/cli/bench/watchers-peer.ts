import { join } from 'node:path'
import { freePorts } from './server.ts'
import type { ServerGroup } from './server-group.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'load', 'bench', 'bare-scoreboard-server.ts')
const path = '/scoreboard'

/** Starts a bare server that gives what Placar gives now at `placar`; the address to read. */
export const startBareScoreboard = async (servers: ServerGroup, placar: string): Promise<string> => {
  const sample = await fetch(placar)
  const headers = ['content-type', 'cache-control', 'etag'].flatMap((name) => {
    const value = sample.headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  const [port = 0] = await freePorts(1)
  const shown = JSON.stringify(Object.fromEntries(headers))
  await servers.node([program, String(port), shown, await sample.text()], 'listening')
  return `http://127.0.0.1:${port}${path}`
}
