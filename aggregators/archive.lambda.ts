import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda'
import { recordLine } from './archive-line.ts'

/**
 * Firehose's transformation of the raw records on their way to the archive: one line each (docs/audit-format.md).
 *
 * Event and answer may have 6 MB each. What keeps them below is the buffer that Firehose fills before it invokes: a
 * line and its base64 make a record some two to three times as large, so 1 MiB of records is safe and 3 MiB is not.
 */
export const handler = async ({
  records,
}: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => ({
  records: records.map(archived),
})

const archived = ({
  recordId,
  data,
  kinesisRecordMetadata,
}: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord => {
  // Without it the record does not come from the stream: no shard, no place in it, and nothing that could be proved.
  if (!kinesisRecordMetadata) return { recordId, result: 'ProcessingFailed', data }
  const { shardId, sequenceNumber, partitionKey, approximateArrivalTimestamp } = kinesisRecordMetadata
  // The record's own timestamp is Firehose's; a vote's time is its arrival in the stream.
  const place = { shardId, sequenceNumber, partitionKey, arrival: approximateArrivalTimestamp }
  const line = recordLine(place, Buffer.from(data, 'base64'))
  return { recordId, result: 'Ok', data: Buffer.from(line, 'utf8').toString('base64') }
}
