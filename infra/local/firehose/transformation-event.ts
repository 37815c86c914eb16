import type { FirehoseTransformationEvent, FirehoseTransformationEventRecord } from 'aws-lambda'
import { type Frame, frames } from '../kinesis/log/frame.ts'
import { sequenceNumber } from '../kinesis/sequence-number.ts'
import { region } from '../kinesis/stream.ts'
import type { DeliveryJob, JobPiece } from './delivery-job.ts'

/** A record on its way: as the function gets it, and its bytes where there is no function. */
export type JobRecord = { piece: JobPiece; frame: Frame }

export const recordsOf = (pieces: readonly JobPiece[]): JobRecord[] =>
  pieces.flatMap((piece) => {
    const { buffer, byteOffset, byteLength } = piece.frames
    return Array.from(frames(Buffer.from(buffer, byteOffset, byteLength)), (frame) => ({ piece, frame }))
  })

/**
 * The event that Firehose makes of a batch (Firehose developer guide, data-transformation; Lambda developer guide,
 * services-kinesisfirehose). Only records of a Kinesis source have `kinesisRecordMetadata`, and only there is the
 * arrival in the stream: `approximateArrivalTimestamp` of the record itself is Firehose's own.
 */
export const transformationEvent = (
  { deliveryStreamArn, sourceStreamArn, readAt }: DeliveryJob,
  records: readonly JobRecord[],
  invocationId: string,
): FirehoseTransformationEvent => ({
  invocationId,
  deliveryStreamArn,
  ...(sourceStreamArn === undefined ? {} : { sourceKinesisStreamArn: sourceStreamArn }),
  region,
  records: records.map((record) => eventRecord(record, sourceStreamArn === undefined ? undefined : readAt)),
})

const eventRecord = (
  { piece, frame }: JobRecord,
  readAt: number | undefined,
): FirehoseTransformationEventRecord => {
  const number = sequenceNumber(piece.sequencePrefix, frame.boot, frame.ordinal)
  const data = frame.data.toString('base64')
  if (readAt === undefined) return { recordId: number, approximateArrivalTimestamp: frame.arrival, data }
  return {
    recordId: number,
    approximateArrivalTimestamp: readAt,
    data,
    kinesisRecordMetadata: {
      sequenceNumber: number,
      // Of records that a producer library packed together; AWS's packages do not agree on its type.
      subsequenceNumber: '',
      partitionKey: frame.partitionKey,
      shardId: piece.shardId,
      approximateArrivalTimestamp: frame.arrival,
    },
  }
}
