import { expect, onTestFinished, test } from 'vitest'
import { pipeline } from '../../../../infra/config.ts'
import { cloudWatchService } from '../../../../infra/local/cloudwatch/service.ts'
import { ensureCountTable } from '../../../../infra/local/count-table.ts'
import { dynamoService } from '../../../../infra/local/dynamodb/dynamo-service.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint } from '../../local/aws/open-endpoint.ts'
import { openCountTable } from '../../local/open-count-table.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'
import { heard, shards } from './run-shards.ts'

/** Placar's stream of two shards and its table, which nobody uses; `hear` is called whenever Kinesis is asked. */
const anInstance = async (hear: () => void): Promise<string> => {
  const now = Date.now
  const engine = await openKinesis({ folder: await temporaryFolder(), limits: true, now, changeMs: 0 })
  onTestFinished(() => engine.close())
  await engine.createStream(pipeline.streamName, 2)
  const { client, endpoint } = await openCountTable()
  await ensureCountTable(client, pipeline.tableName)
  const dynamo = dynamoService(endpoint)
  onTestFinished(() => dynamo.close())
  const kinesis = heard(kinesisService({ engine, now, log: () => {} }), hear)
  const { url } = await openTestEndpoint([kinesis, cloudWatchService({ sources: [], now }), dynamo])
  return url
}

test('Ctrl-C ends a watch with its summary, though npm hands it on once more', async () => {
  let [signals, interrupt] = [0, (): void => {}]
  // A reading asks Kinesis twice at least; it is interrupted at the first, and again before it is done.
  const url = await anInstance(() => {
    if (signals < 2) interrupt()
  })
  const args = ['watch', '--auto', '--every', '1', '--endpoint-url', url]
  const { code, stdout, stderr } = await shards(args, ({ stdout }, kill) => {
    if (!stdout.includes('2 shards')) return
    interrupt = () => {
      signals += 1
      kill()
    }
  })
  expect(signals).toBe(2)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Watched for .+; shards 2 → 2\.$/m)
})
