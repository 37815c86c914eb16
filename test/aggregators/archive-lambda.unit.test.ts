import type { FirehoseTransformationEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import { handler } from '../../aggregators/archive.lambda.ts'

const metadata = {
  shardId: 'shardId-000000000001',
  sequenceNumber: '49600000000000000000000000000000000000000000000000000001',
  subsequenceNumber: '',
  partitionKey: 'v-1',
  approximateArrivalTimestamp: 1_790_000_000_123,
}

const eventOf = (records: FirehoseTransformationEvent['records']): FirehoseTransformationEvent => ({
  invocationId: 'id',
  deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive',
  region: 'us-east-1',
  records,
})

const recordOf = (bytes: Buffer) => ({
  recordId: 'r-1',
  approximateArrivalTimestamp: 1_790_000_099_999,
  data: bytes.toString('base64'),
  kinesisRecordMetadata: metadata,
})

const line = (data: string | undefined): unknown => {
  const text = Buffer.from(data ?? '', 'base64').toString('utf8')
  expect(text.endsWith('\n')).toBe(true)
  return JSON.parse(text)
}

test('a record becomes a line with its place and its arrival in the stream, not in Firehose', async () => {
  const { records } = await handler(eventOf([recordOf(Buffer.from('{"v":1}'))]))
  expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([['r-1', 'Ok']])
  expect(line(records[0]?.data)).toEqual({
    v: 1,
    kind: 'record',
    shardId: metadata.shardId,
    sequenceNumber: metadata.sequenceNumber,
    arrival: 1_790_000_000_123,
    partitionKey: 'v-1',
    data: '{"v":1}',
  })
})

test('bytes that are not UTF-8 can be had back from the line', async () => {
  const bytes = Buffer.from([0x61, 0xff, 0x00, 0xc3])
  const { records } = await handler(eventOf([recordOf(bytes)]))
  expect(line(records[0]?.data)).toMatchObject({
    data: 'a\ufffd\u0000\ufffd',
    base64: bytes.toString('base64'),
  })
})

test('a record that does not come from a stream is not archived as if it did', async () => {
  const { kinesisRecordMetadata: _none, ...record } = recordOf(Buffer.from('x'))
  const { records } = await handler(eventOf([record, { ...recordOf(Buffer.from('y')), recordId: 'r-2' }]))
  expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([
    ['r-1', 'ProcessingFailed'],
    ['r-2', 'Ok'],
  ])
})
