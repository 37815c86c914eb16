import { tellUsage } from '../../../load/bench/kinesis-usage.ts'
import { openEndpoint } from '../../local/aws/endpoint.ts'
import { kinesisService } from '../../local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../local/kinesis/kinesis.ts'

/**
 * The endpoint that `bench -- kinesis` measures, in a process of its own: Kinesis alone, every record on disk before
 * its answer, without AWS's limits per shard. `node kinesis-server.ts <port> <usage port> <data folder>`
 */
const [, , port, usagePort, folder = ''] = process.argv
const log = (message: string, error?: unknown): void => console.error(message, error)
const now = Date.now

const engine = await openKinesis({ folder, limits: false, now, log, changeMs: 0 })
const endpoint = await openEndpoint({
  port: Number(port),
  services: [kinesisService({ engine, now, log })],
  log,
})
tellUsage(Number(usagePort))
process.once('SIGTERM', async () => {
  await endpoint.close()
  await engine.close()
  process.exit()
})
console.log('listening')
