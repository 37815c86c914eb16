import { action } from '../../aws/json-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import type { Put, Stream } from '../stream.ts'
import { data, hashKey, partitionKey, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findReadyStream } from './find-stream.ts'
import { type RecordInput, recordBytes, refuseRecord } from './record-input.ts'
import { rateExceeded } from './throttling.ts'

const maxRequestBytes = 10 * 1024 * 1024

const input = {
  Records: {
    type: 'list',
    required: true,
    minLength: 1,
    maxLength: 500,
    member: {
      type: 'structure',
      members: { PartitionKey: partitionKey, ExplicitHashKey: hashKey, Data: data },
    },
  },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

type Entry = { ShardId: string; SequenceNumber: string } | { ErrorCode: string; ErrorMessage: string }

/**
 * Puts up to 500 records, each for itself: those of a shard that is over its rate, or whose log cannot be written,
 * fail alone. Answered, in the order of the request, when the others are durable.
 */
export const putRecords = action(input, async (context: KinesisContext, wanted) => {
  const stream = findReadyStream(context, wanted)
  if (isRefusal(stream)) return stream
  let bytes = 0
  for (const record of wanted.Records) {
    const refused = refuseRecord(record)
    if (refused) return refused
    bytes += recordBytes(record)
  }
  if (bytes > maxRequestBytes) return refusal('InvalidArgumentException', 'Records size exceeds 10 MB limit')

  const entries = await putAll(context, stream, wanted.Records)
  return {
    FailedRecordCount: entries.filter((entry) => 'ErrorCode' in entry).length,
    Records: entries,
    EncryptionType: 'NONE',
  }
})

const putAll = async (
  { log }: KinesisContext,
  stream: Stream,
  records: readonly RecordInput[],
): Promise<Entry[]> => {
  const failures: unknown[] = []
  const failed = (error: unknown): Entry => {
    failures.push(error)
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' }
  }
  // All of them are put before the first is waited for, so that one sync makes them durable together.
  const waiting = records.map((record): Entry | Promise<Entry> => {
    try {
      return entryOf(stream, stream.put(record.PartitionKey, record.Data, record.ExplicitHashKey), failed)
    } catch (error) {
      return failed(error) // more waits for the disk than memory allows
    }
  })
  const entries = await Promise.all(waiting)
  if (failures.length > 0)
    log(`${failures.length} of ${records.length} records could not be stored`, failures[0])
  return entries
}

const entryOf = (
  stream: Stream,
  put: Put | { throttled: string },
  failed: (error: unknown) => Entry,
): Entry | Promise<Entry> => {
  if ('throttled' in put) {
    const { __type, message } = rateExceeded(stream.name, put.throttled)
    return { ErrorCode: __type, ErrorMessage: message }
  }
  const stored: Entry = { ShardId: put.shardId, SequenceNumber: put.sequenceNumber }
  return put.durable.then(() => stored, failed)
}
