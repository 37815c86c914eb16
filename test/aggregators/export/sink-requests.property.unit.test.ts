import { FirehoseClient } from '@aws-sdk/client-firehose'
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partLine } from '../../../aggregators/archive-line.ts'
import { firehoseSink } from '../../../aggregators/export/firehose.sink.ts'
import { timestreamSink } from '../../../aggregators/export/timestream.sink.ts'
import { windowRecords } from '../../../aggregators/export/window-records.ts'
import { pipeline } from '../../../infra/config.ts'
import { labels, sealedParts, smallPart } from './sink-parts.ts'
import { findFault } from './sink-service-models.ts'
import { stubClient, stubHandler } from './sink-stub.ts'

const parts = sealedParts(1_790_000_000_000)

const openFirehose = () => {
  const { sent, requestHandler } = stubHandler(({ body }) => {
    const RequestResponses = JSON.parse(body).Records.map(() => ({ RecordId: 'r' }))
    return { status: 200, body: { FailedPutCount: 0, RequestResponses } }
  })
  const client = new FirehoseClient({ ...stubClient, requestHandler })
  return { sent, sink: firehoseSink(client, pipeline.audit.windows.deliveryStream) }
}

const openTimeSeries = () => {
  const { sent, requestHandler } = stubHandler(() => ({ status: 200, body: {} }))
  const client = new TimestreamWriteClient({ ...stubClient, requestHandler })
  const { database, table } = pipeline.timeSeries
  const warn = () => {}
  return { sent, sink: timestreamSink(client, { database, table, warn }) }
}

test('every request the Firehose sink makes keeps to AWS’s service model', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (given) => {
      const { sink, sent } = openFirehose()
      const taken = await sink.send(given)
      expect(labels(taken).sort()).toEqual(labels(given).sort())
      expect(sent.map(findFault).filter((fault) => fault !== undefined)).toEqual([])
      const text = sent.flatMap(({ body }) =>
        (JSON.parse(body).Records as { Data: string }[]).map(({ Data }) => Buffer.from(Data, 'base64')),
      )
      expect(Buffer.concat(text).toString()).toBe(taken.map(partLine).join(''))
    }),
    { numRuns: 30 },
  )
})

test('a backlog of large parts is cut into requests that Firehose takes', async () => {
  const given = Array.from({ length: 30 }, (_, index) => ({
    ...smallPart(index % 5, Math.floor(index / 5)),
    bytes: '"é"'.repeat(80_000),
  }))
  const { sink, sent } = openFirehose()
  expect(await sink.send(given)).toHaveLength(30)
  expect(sent.length).toBeGreaterThan(3)
  expect(sent.map(findFault).filter((fault) => fault !== undefined)).toEqual([])
})

test('every request the Timestream sink makes keeps to AWS’s service model', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (given) => {
      const { sink, sent } = openTimeSeries()
      expect(await sink.send(given)).toEqual(given)
      expect(sent.map(findFault).filter((fault) => fault !== undefined)).toEqual([])
      const records = given.flatMap(windowRecords).length
      const sizes = sent.map(({ body }): number => JSON.parse(body).Records.length)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(records)
      expect(sent).toHaveLength(Math.ceil(records / 100))
    }),
    { numRuns: 30 },
  )
})

test('the checks of these tests find what AWS would refuse', () => {
  const record = { Data: Buffer.alloc(10).toString('base64') }
  const put = (input: object) =>
    findFault({ target: 'Firehose_20150804.PutRecordBatch', body: JSON.stringify(input) })
  expect(put({ DeliveryStreamName: 'a', Records: [record] })).toBeUndefined()
  expect(put({ DeliveryStreamName: 'a b', Records: [record] })).toContain('regular expression')
  expect(put({ DeliveryStreamName: 'a', Records: [] })).toContain('greater than or equal to 1')
  expect(put({ DeliveryStreamName: 'a', Records: Array(501).fill(record) })).toContain('500')
  const large = { Data: Buffer.alloc(1_024_000).toString('base64') }
  expect(put({ DeliveryStreamName: 'a', Records: Array(4).fill(large) })).toContain('bytes')

  const write = (common: object, records: object[]) =>
    findFault({
      target: 'Timestream_20181101.WriteRecords',
      body: JSON.stringify({ DatabaseName: 'd', TableName: 't', CommonAttributes: common, Records: records }),
    })
  const common = { MeasureName: 'votes', MeasureValueType: 'MULTI', Time: '1' }
  const own = (name: string, value = 'v') => ({
    Dimensions: [{ Name: name, Value: value }],
    MeasureValues: [{ Name: 'votes', Value: '1', Type: 'BIGINT' }],
  })
  expect(write(common, [own('poll')])).toBeUndefined()
  expect(write(common, Array(101).fill(own('poll')))).toContain('100')
  expect(write(common, [own('time')])).toContain('regular expression')
  expect(write({ ...common, ...own('poll') }, [own('poll')])).toContain('twice')
  expect(write(common, [own('poll'), own('poll')])).toContain('one point twice')
  expect(write(common, [own('poll', 'v'.repeat(2048))])).toContain('over 2 KB')
  expect(write({ ...common, Version: 0 }, [own('poll')])).toContain('greater than or equal to 1')
})
