import type { FirehoseTransformationEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import type { DeliveryJob } from '../../../../infra/local/firehose/delivery-job.ts'
import { transform } from '../../../../infra/local/firehose/transform.ts'
import { recordsOf, transformationEvent } from '../../../../infra/local/firehose/transformation-event.ts'
import { frameCapacity, writeFrame } from '../../../../infra/local/kinesis/log/frame.ts'

const framesOf = (texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.map((text, index) => {
      const frame = Buffer.alloc(frameCapacity(`key-${index}`, text))
      return frame.subarray(
        0,
        writeFrame(frame, 0, 1, index + 1, 1_790_000_000_000 + index, `key-${index}`, text),
      )
    }),
  )

const jobOf = (texts: readonly string[]): DeliveryJob => ({
  deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive',
  sourceStreamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/votes',
  timeoutMs: 1000,
  readAt: 1_790_000_060_000,
  pieces: [
    { shardId: 'shardId-000000000003', sequencePrefix: '49'.padEnd(31, '0'), frames: framesOf(texts) },
  ],
  object: {
    bucketsFolder: '',
    unfinishedFolder: '',
    bucket: 'audit',
    prefix: '',
    deliveryStreamName: 'archive',
    compression: 'GZIP',
  },
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

test('an event of a Kinesis source is what Firehose gives, with the arrival in the stream in its metadata only', () => {
  const job = jobOf(['a'])
  const sequenceNumber = `${'49'.padEnd(31, '0')}0000000001000000000000001`
  expect(transformationEvent(job, recordsOf(job.pieces), 'id')).toEqual({
    invocationId: 'id',
    deliveryStreamArn: job.deliveryStreamArn,
    sourceKinesisStreamArn: job.sourceStreamArn,
    region: 'us-east-1',
    records: [
      {
        recordId: sequenceNumber,
        approximateArrivalTimestamp: 1_790_000_060_000,
        data: base64('a'),
        kinesisRecordMetadata: {
          sequenceNumber,
          subsequenceNumber: '',
          partitionKey: 'key-0',
          shardId: 'shardId-000000000003',
          approximateArrivalTimestamp: 1_790_000_000_000,
        },
      },
    ],
  })
})

test('what is delivered has the order of the records, whatever that of the answer', async () => {
  const job = jobOf(['a', 'b', 'c'])
  const reversed = async ({ records }: FirehoseTransformationEvent) => ({
    records: records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })).toReversed(),
  })
  const delivered = await transform(job, recordsOf(job.pieces), reversed, () => 'id')
  expect(delivered).toEqual(['a', 'b', 'c'].map(base64))
})

test('an answer over 6 MB makes the records go in halves, and a single record passes', async () => {
  const job = jobOf(['a', 'b', 'c'])
  const sizes: number[] = []
  const megabytes = async ({ records }: FirehoseTransformationEvent) => {
    sizes.push(records.length)
    const large = (data: string) => base64(Buffer.from(data, 'base64').toString().repeat(5_000_000))
    return { records: records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data: large(data) })) }
  }
  const delivered = await transform(job, recordsOf(job.pieces), megabytes, () => 'id')
  expect(sizes).toEqual([3, 1, 2, 1, 1])
  expect(delivered.map((data) => Buffer.from(data, 'base64').toString('utf8', 0, 1))).toEqual(['a', 'b', 'c'])
})
