import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { dynamoCountStore } from '../../../aggregators/count.store.ts'
import { sealPart } from '../../../aggregators/part.ts'
import { exportVariables } from '../../../aggregators/variables.ts'
import { openCountTable, tableName } from '../../infra/local/open-count-table.ts'
import { handlerWorker } from '../handler-worker.ts'

/** A Firehose that refuses everything until it is mended. */
const openFirehose = async () => {
  const firehose = { isDown: true, endpoint: '' }
  const server = createServer(async (request, response) => {
    const { Records } = JSON.parse(await text(request))
    const refused = { __type: 'InvalidArgumentException', message: 'down' }
    const taken = {
      FailedPutCount: 0,
      RequestResponses: Records.map(() => ({ RecordId: 'r' })),
    }
    response.writeHead(firehose.isDown ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(firehose.isDown ? refused : taken))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  firehose.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return firehose
}

it('the exporter tells how old the oldest unsent window is, also when its sink is down', async () => {
  const { client, endpoint } = await openCountTable()
  const firehose = await openFirehose()
  const end = Date.now() - 3_600_000
  const part = sealPart('shardId-000000000000', 0, '0'.repeat(64), {
    window: { start: end - 5000, end },
    first: '1',
    last: '1',
    records: 1,
    runs: [],
    digest: '',
    polls: {},
    rejected: {},
  })
  await dynamoCountStore(client, tableName).writePart(part)
  const { invoke, published } = handlerWorker(import.meta.resolve('../../../aggregators/export.lambda.ts'), {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_FIREHOSE: firehose.endpoint,
    [exportVariables.deliveryStream]: 'windows',
  })
  expect(await invoke({})).toMatchObject({ ok: false })
  firehose.isDown = false
  expect(await invoke({})).toMatchObject({ ok: true })

  const [down, mended, ...more] = published()
  expect(down).toMatchObject({
    service: 'export',
    _aws: { CloudWatchMetrics: [{ Namespace: 'Placar/show', Dimensions: [['service']] }] },
  })
  expect(down?.OldestUnsentSeconds).toBeGreaterThanOrEqual(3600)
  expect(mended).toMatchObject({ service: 'export', OldestUnsentSeconds: 0 })
  expect(more).toEqual([])
})
