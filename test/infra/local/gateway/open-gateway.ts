import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createGateway, type Gateway, type GatewayPorts } from '../../../../infra/local/gateway/gateway.ts'
import { type Kinesis, openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { frames } from '../../../../infra/local/kinesis/log/frame.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export type Opened = {
  gateway: Gateway
  url: string
  port: number
  kinesis: Kinesis
  /** Data and partition keys of every record in the stream, shard by shard. */
  records(): Promise<{ partitionKey: string; data: string }[]>
  /** Open ones, in the fast lane or not. */
  connections(): Promise<number>
}

/** A gateway on a free port before a real stream in a temporary folder. */
export const openGateway = async (changes: Partial<GatewayPorts> = {}, limits = false): Promise<Opened> => {
  const kinesis = await openKinesis({
    folder: await temporaryFolder(),
    limits,
    now: changes.now ?? Date.now,
    changeMs: 0,
  })
  const stream = await kinesis.createStream('votes', 2)
  const gateway = createGateway({
    stream,
    origin: async () => ({ statusCode: 200, headers: { etag: '"a"' }, body: '{}' }),
    site: new Map([
      ['/', { body: Buffer.from('<p>'), headers: { 'content-type': 'text/html', etag: '"b"' } }],
    ]),
    healthy: () => true,
    now: Date.now,
    log: () => {},
    ...changes,
  })
  await new Promise<void>((resume) => gateway.server.listen(0, '127.0.0.1', resume))
  const { port } = gateway.server.address() as AddressInfo
  onTestFinished(async () => {
    await gateway.close(100)
    await kinesis.close()
  })
  const records: Opened['records'] = async () => {
    const found = []
    for (const { log } of stream.shards) {
      const { bytes } = await log.read(log.start(), 100_000, 64 * 1024 * 1024)
      for (const { partitionKey, data } of frames(bytes)) found.push({ partitionKey, data: data.toString() })
    }
    return found
  }
  const connections: Opened['connections'] = () =>
    new Promise((resolve, reject) =>
      gateway.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  return { url: `http://127.0.0.1:${port}`, port, kinesis, records, connections, gateway }
}

export const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
