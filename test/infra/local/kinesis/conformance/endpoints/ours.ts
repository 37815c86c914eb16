import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEndpoint } from '../../../../../../infra/local/aws/endpoint.ts'
import { kinesisService } from '../../../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../../../infra/local/kinesis/kinesis.ts'
import type { EndpointUnderTest } from '../endpoint-under-test.ts'

export const ours: EndpointUnderTest = {
  name: "Placar's Kinesis",
  differences: {},
  start: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'placar-test-'))
    const engine = await openKinesis({ folder, limits: true, now: Date.now, changeMs: 10 })
    const service = kinesisService({ engine, now: Date.now, log: () => {} })
    const endpoint = await openEndpoint({ port: 0, services: [service], log: () => {}, graceMs: 1000 })
    return {
      url: endpoint.url,
      stop: async () => {
        await endpoint.close()
        await engine.close()
        await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      },
    }
  },
}
