import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import type { Stream } from '../stream.ts'
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
    const size = recordBytes(record)
    const refused = refuseRecord(record, size)
    if (refused) return refused
    bytes += size
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
  // All of them are put before the first is waited for, so that one sync makes them durable together; what one sync
  // makes durable is waited for once.
  const batches = new Map<Promise<void>, number[]>()
  const entries = records.map(({ PartitionKey, Data, ExplicitHashKey }, index): Entry => {
    try {
      const put = stream.put(PartitionKey, Data, ExplicitHashKey)
      if ('throttled' in put) return throttled(stream, put.throttled)
      const batch = batches.get(put.durable)
      if (batch) batch.push(index)
      else batches.set(put.durable, [index])
      return { ShardId: put.shardId, SequenceNumber: put.sequenceNumber }
    } catch (error) {
      return failed(error) // more waits for the disk than memory allows
    }
  })
  const settle = async (durable: Promise<void>, indexes: readonly number[]): Promise<void> => {
    try {
      await durable
    } catch (error) {
      for (const index of indexes) entries[index] = failed(error)
    }
  }
  await Promise.all([...batches].map(([durable, indexes]) => settle(durable, indexes)))
  if (failures.length > 0)
    log(`${failures.length} of ${records.length} records could not be stored`, failures[0])
  return entries
}

const throttled = (stream: Stream, shardId: string): Entry => {
  const { __type, message } = rateExceeded(stream.name, shardId)
  return { ErrorCode: __type, ErrorMessage: message }
}
