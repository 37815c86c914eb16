import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'
import {
  data,
  hashKey,
  partitionKey,
  sequenceNumberField,
  streamArn,
  streamName,
} from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findReadyStream } from './find-stream.ts'
import { recordBytes, refuseRecord } from './record-input.ts'
import { shardOfSequenceNumber } from './sequence-check.ts'
import { rateExceeded } from './throttling.ts'

const input = {
  SequenceNumberForOrdering: sequenceNumberField,
  PartitionKey: partitionKey,
  ExplicitHashKey: hashKey,
  Data: data,
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/**
 * Puts one record; answered when it is durable. Numbers of a shard always increase here, so that
 * SequenceNumberForOrdering has nothing to do once it is known to be a number of this stream.
 */
export const putRecord = action(input, async (context: KinesisContext, wanted) => {
  const stream = findReadyStream(context, wanted)
  if (isRefusal(stream)) return stream
  const refused = refuseRecord(wanted, recordBytes(wanted))
  if (refused) return refused
  const ordering = wanted.SequenceNumberForOrdering
  if (ordering !== undefined && shardOfSequenceNumber(stream, ordering) === undefined)
    return refusal(
      'InvalidArgumentException',
      `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${stream.name} ` +
        `under account ${accountId} is invalid.`,
    )
  const put = stream.put(wanted.PartitionKey, wanted.Data, wanted.ExplicitHashKey)
  if ('throttled' in put) return rateExceeded(stream.name, put.throttled)
  await put.durable
  return { ShardId: put.shardId, SequenceNumber: put.sequenceNumber, EncryptionType: 'NONE' }
})
