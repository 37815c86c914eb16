import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from 'redis'
import { freePorts } from './server.ts'
import type { ServerGroup } from './server-group.ts'

/** The version of the redis-server on the PATH; `undefined` where there is none. */
export const redisVersion = (): string | undefined => {
  const { error, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  return error === undefined ? (/v=(\S+)/.exec(stdout)?.[1] ?? 'of unknown version') : undefined
}

/** Starts the redis-server on the PATH with its default settings, in a folder of its own; its address. */
export const startRedis = async (servers: ServerGroup): Promise<string> => {
  const [port = 0] = await freePorts(1)
  const folder = join(servers.folder, 'redis')
  await mkdir(folder)
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  await servers.program('redis-server', args, 'Ready to accept connections')
  return `redis://127.0.0.1:${port}`
}

/** The votes for an option of a poll in a Redis database, as the peers of the ingest benchmark count them. */
export const redisCount = async (url: string, poll: string, option: string): Promise<number> => {
  const redis = await createClient({ url }).connect()
  try {
    return Number((await redis.hGet(`poll:${poll}`, option)) ?? 0)
  } finally {
    redis.destroy()
  }
}
