import { action } from '../../aws/rpc-service.ts'
import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { frameArrival, frameBoot, frameOrdinal } from '../log/frame.ts'
import type { Position } from '../log/segment-reader.ts'
import { isBefore } from '../sequence-number.ts'
import type { Shard } from '../shard.ts'
import { accountId, type Stream } from '../stream.ts'
import { sequenceNumberField, shardId, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findShard, shardIndex, shardNotFound } from './find-shard.ts'
import { findReadyStream } from './find-stream.ts'
import { shardOfSequenceNumber } from './sequence-check.ts'
import { sealIterator } from './shard-iterator.ts'

const input = {
  ShardId: { ...shardId, required: true },
  ShardIteratorType: {
    type: 'string',
    required: true,
    oneOf: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
  },
  StartingSequenceNumber: sequenceNumberField,
  Timestamp: { type: 'timestamp' },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

type Start = {
  ShardIteratorType: (typeof input.ShardIteratorType.oneOf)[number]
  StartingSequenceNumber?: string
  Timestamp?: number
}

/**
 * An iterator for a place in a shard. TRIM_HORIZON is the oldest record still kept: whole segments expire together,
 * so that records a little past their retention may still be read.
 */
export const getShardIterator = action(input, async (context: KinesisContext, wanted) => {
  const stream = findReadyStream(context, wanted)
  if (isRefusal(stream)) {
    const index = shardIndex(wanted.ShardId)
    return wanted.StreamName === undefined || index === undefined
      ? stream
      : shardNotFound(wanted.StreamName, index)
  }
  const shard = findShard(stream, wanted.ShardId)
  if (isRefusal(shard)) return shard
  const position = await startPosition(stream, shard, wanted, context.now())
  return isRefusal(position) ? position : { ShardIterator: sealIterator(context, stream, shard, position) }
})

const startPosition = async (
  stream: Stream,
  shard: Shard,
  start: Start,
  now: number,
): Promise<Position | Refusal> => {
  const { log } = shard
  const { ShardIteratorType: type, StartingSequenceNumber: number, Timestamp: at } = start
  switch (type) {
    case 'TRIM_HORIZON':
      return number === undefined ? log.start() : wrongCombination(type, 'also a')
    case 'LATEST':
      return number === undefined ? log.end() : wrongCombination(type, 'also a')
    case 'AT_TIMESTAMP':
      if (at === undefined) return timestampMissing
      if (at > now) return timestampInFuture(at, now)
      return log.seek((chunk, offset) => frameArrival(chunk, offset) >= at)
    default:
      return number === undefined
        ? wrongCombination(type, 'no')
        : sequencePosition(stream, shard, number, type === 'AT_SEQUENCE_NUMBER')
  }
}

const sequencePosition = async (
  stream: Stream,
  shard: Shard,
  number: string,
  inclusive: boolean,
): Promise<Position | Refusal> => {
  const own = shardOfSequenceNumber(stream, number)
  if (own === undefined)
    return refusal(
      'InvalidArgumentException',
      `StartingSequenceNumber ${number} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} ` +
        `under account ${accountId} is invalid because it did not come from this stream.`,
    )
  if (own.shard !== shard)
    return refusal(
      'InvalidArgumentException',
      `Invalid StartingSequenceNumber. It encodes ${own.shard.id}, while it was used in a call to a shard ` +
        `with ${shard.id}`,
    )
  const { parts } = own
  return shard.log.seek((chunk, offset) => {
    const here = { boot: frameBoot(chunk, offset), ordinal: frameOrdinal(chunk, offset) }
    return inclusive ? !isBefore(here, parts) : isBefore(parts, here)
  }, parts.ordinal)
}

const wrongCombination = (type: string, which: 'also a' | 'no'): Refusal =>
  refusal(
    'InvalidArgumentException',
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
      `Request specified ${type} and ${which} StartingSequenceNumber.`,
  )

const timestampMissing = refusal(
  'InvalidArgumentException',
  'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
    'Current request has no timestamp parameter.',
)

const timestampInFuture = (at: number, now: number): Refusal =>
  refusal(
    'InvalidArgumentException',
    'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
      `timestampInMillis: ${at}, currentTimestampInMillis: ${now}`,
  )
