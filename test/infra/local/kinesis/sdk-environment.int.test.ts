import { Kinesis } from '@aws-sdk/client-kinesis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const environment = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }

test('the lines of the README work with a client that is told nothing, but for the environment', async () => {
  const engine = await openKinesis({
    folder: await temporaryFolder(),
    limits: true,
    now: Date.now,
    changeMs: 0,
  })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now: Date.now, log: () => {} })])
  for (const [name, value] of Object.entries({ ...environment, AWS_ENDPOINT_URL: url }))
    vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })

  const kinesis = new Kinesis()
  onTestFinished(() => kinesis.destroy())
  const StreamName = 'try-sdk'
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  await kinesis.putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from('hello') })
  await kinesis.updateShardCount({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' })
  const { Shards = [] } = await kinesis.listShards({ StreamName })
  const first = { StreamName, ShardId: Shards[0]?.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
  const { ShardIterator } = await kinesis.getShardIterator(first)
  const { Records = [], ChildShards } = await kinesis.getRecords({ ShardIterator })
  expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['hello'])
  expect(ChildShards).toHaveLength(2)
})
