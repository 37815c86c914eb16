import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { tellUsage } from './kinesis-usage.ts'

/**
 * The peer of the Kinesis benchmark, in a process of its own: kinesalite as it is, all in memory, without the waits it
 * makes for streams. It puts no limit on the rate of a shard. `node kinesalite-server.ts <port> <usage port>`
 */
const [, , port, usagePort] = process.argv

/** CommonJS, without types. */
type Kinesalite = (options: Record<'createStreamMs' | 'deleteStreamMs' | 'shardLimit', number>) => Server
const kinesalite = createRequire(import.meta.url)('kinesalite') as Kinesalite

/** The clients' connections must outlast the other server's turns. */
const keepAliveMs = 75_000

tellUsage(Number(usagePort))
const server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0, shardLimit: 1_000 })
server.keepAliveTimeout = keepAliveMs
server.listen(Number(port), '127.0.0.1', () => console.log('listening'))
