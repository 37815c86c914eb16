import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import { WireBlob, WireTimestamp } from '../../aws/wire-value.ts'
import { type Frame, frames } from '../log/frame.ts'
import type { Position } from '../log/segment-reader.ts'
import { sequenceNumber } from '../sequence-number.ts'
import type { Shard } from '../shard.ts'
import { limit, maxRecordBytes, streamArn } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { describeChildren } from './shard-description.ts'
import { openIterator, sealIterator } from './shard-iterator.ts'

const maxRecords = 10_000
const maxAnswerBytes = 10 * 1024 * 1024

const input = {
  Limit: limit,
  ShardIterator: { type: 'string', required: true, minLength: 1, maxLength: 512 },
  StreamARN: streamArn,
} as const

/**
 * Reads on in a shard: up to 10,000 records and 10 MiB. At the end of a shard that has ended there is no next
 * iterator, but the shard's children. AWS's limit of five reads a second and 2 MiB/s per shard is not enforced:
 * there is one reader here, Placar's own, and it keeps to its polling interval.
 */
export const getRecords = action(input, async (context: KinesisContext, wanted) => {
  const opened = openIterator(context, wanted.ShardIterator)
  if (isRefusal(opened)) return opened
  const { stream, shard, position } = opened
  if (wanted.StreamARN !== undefined && wanted.StreamARN !== stream.arn)
    return refusal('InvalidArgumentException', 'The ShardIterator is of another stream than StreamARN.')

  const count = wanted.Limit ?? maxRecords
  // Bytes are counted with the log's own few per record, so that an answer stays a little under AWS's limit.
  const { bytes, next } = await shard.log.read(
    position,
    count,
    Math.min(maxAnswerBytes, count * maxRecordBytes),
  )
  const records = [...frames(bytes)]
  const isAtEnd = isSame(next, shard.log.end())
  const hasEnded = shard.endedAt !== undefined && isAtEnd
  const last = records.at(-1)
  return {
    Records: records.map((frame) => describeRecord(shard, frame)),
    NextShardIterator: hasEnded ? null : sealIterator(context, stream, shard, next),
    MillisBehindLatest: isAtEnd || last === undefined ? 0 : Math.max(0, context.now() - last.arrival),
    ...(hasEnded ? { ChildShards: describeChildren(stream, shard) } : {}),
  }
})

const isSame = (left: Position, right: Position): boolean =>
  left.segment === right.segment && left.offset === right.offset

const describeRecord = (shard: Shard, { boot, ordinal, arrival, partitionKey, data }: Frame): object => ({
  SequenceNumber: sequenceNumber(shard.prefix, boot, ordinal),
  ApproximateArrivalTimestamp: new WireTimestamp(arrival),
  Data: new WireBlob(data),
  PartitionKey: partitionKey,
})
