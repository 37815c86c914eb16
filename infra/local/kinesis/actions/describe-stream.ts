import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { limit, shardId, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream, streamStatus } from './find-stream.ts'
import { describeShard, listedShards } from './shard-description.ts'
import { describeSettings } from './stream-description.ts'

/** The default, and the most that is ever returned. */
const maxShards = 100

const input = {
  Limit: limit,
  ExclusiveStartShardId: shardId,
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** A stream with its shards, 100 a page. A stream that is being created shows none yet. */
export const describeStream = action(input, (context: KinesisContext, wanted) => {
  const stream = findStream(context, wanted)
  if (isRefusal(stream)) return stream
  const now = context.now()
  const isCreating = streamStatus(stream, now) === 'CREATING'
  const after = wanted.ExclusiveStartShardId ?? ''
  const shards = isCreating ? [] : listedShards(stream, now).filter(({ id }) => id > after)
  const page = shards.slice(0, Math.min(wanted.Limit ?? maxShards, maxShards))
  return {
    StreamDescription: {
      ...describeSettings(stream, now),
      Shards: page.map(describeShard),
      HasMoreShards: page.length < shards.length,
    },
  }
})
