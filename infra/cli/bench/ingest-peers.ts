import { join } from 'node:path'
import type { IngestPeer } from '../../../load/bench/ingest.ts'
import { bareName, expressName, fastifyName } from '../../../load/bench/ingest-report.ts'
import { freePorts } from './server.ts'
import type { ServerGroup } from './server-group.ts'
import { redisCount, startRedis } from './server-redis.ts'

const programs = join(import.meta.dirname, '..', '..', '..', 'load', 'bench')

/** Starts the servers that Placar is measured beside; all give the same `answer` to a vote. */
export const startPeers = async (
  servers: ServerGroup,
  { path, poll, option }: { path: string; poll: string; option: string },
  answer: string,
  withRedis: boolean,
): Promise<IngestPeer[]> => {
  const start = async (name: string, program: string, ...args: string[]): Promise<IngestPeer> => {
    const [port = 0] = await freePorts(1)
    await servers.node([join(programs, program), String(port), ...args, answer], 'listening')
    return { name, url: `http://127.0.0.1:${port}${path}` }
  }
  /** Each counts in a database of its own. */
  const startCounting = async (name: string, program: string, database: string): Promise<IngestPeer> => ({
    ...(await start(name, program, database)),
    counted: () => redisCount(database, poll, option),
  })
  const bare = await start(bareName, 'bare-server.ts')
  if (!withRedis) return [bare]
  const redis = await startRedis(servers)
  return [
    bare,
    await startCounting(fastifyName, 'fastify-redis-server.ts', `${redis}/0`),
    await startCounting(expressName, 'express-redis-server.ts', `${redis}/1`),
  ]
}
