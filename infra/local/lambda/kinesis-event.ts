import type { TumblingWindowEvent } from '../../../aggregators/kinesis-event.ts'
import { frames } from '../kinesis/log/frame.ts'
import { sequenceNumber } from '../kinesis/sequence-number.ts'
import { region } from '../kinesis/stream.ts'
import type { KinesisPayload } from './invocation.ts'

/** What a function without tumbling windows gets. */
export type KinesisEvent = Pick<TumblingWindowEvent, 'Records'>

/** The event that Lambda makes of a batch (Lambda developer guide, services-kinesis-windows and with-kinesis). */
export const kinesisEvent = (payload: KinesisPayload): KinesisEvent | TumblingWindowEvent => {
  const { frames: bytes, shardId, streamArn, sequencePrefix, tumbling } = payload
  const records = []
  for (const frame of frames(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    const sequence = sequenceNumber(sequencePrefix, frame.boot, frame.ordinal)
    records.push({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: frame.partitionKey,
        sequenceNumber: sequence,
        data: frame.data.toString('base64'),
        approximateArrivalTimestamp: frame.arrival / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequence}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/placar',
      awsRegion: region,
      eventSourceARN: streamArn,
    })
  }
  if (tumbling === undefined) return { Records: records }
  const { window, state, ...flags } = tumbling
  return {
    Records: records,
    window: { start: wholeSeconds(window.start), end: wholeSeconds(window.end) },
    state: JSON.parse(state),
    shardId,
    eventSourceARN: streamArn,
    ...flags,
  }
}

const wholeSeconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')
