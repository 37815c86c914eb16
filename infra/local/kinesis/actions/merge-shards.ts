import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import { areAdjacent } from '../hash-key.ts'
import { accountId } from '../stream.ts'
import { shardId, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findShardToChange } from './find-shard.ts'
import { findStream } from './find-stream.ts'
import { refuseReshard } from './reshard-refusal.ts'

const input = {
  ShardToMerge: { ...shardId, required: true },
  AdjacentShardToMerge: { ...shardId, required: true },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/**
 * Merges two shards into one; as with SplitShard, records go to it with the answer. The adjacent shard must be the one
 * above: the other way round is refused too, as kinesalite observed on AWS, whose reference does not say.
 */
export const mergeShards = action(input, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const shard = findShardToChange(stream, wanted.ShardToMerge)
    if (isRefusal(shard)) return shard
    const adjacent = findShardToChange(stream, wanted.AdjacentShardToMerge)
    if (isRefusal(adjacent)) return adjacent
    if (!areAdjacent(shard.range, adjacent.range))
      return refusal(
        'InvalidArgumentException',
        `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} under account ${accountId} ` +
          'are not an adjacent pair of shards eligible for merging',
      )
    const refused = refuseReshard(stream, [shard, adjacent], context.now())
    if (refused) return refused
    await stream.merge(shard.id, adjacent.id)
    return undefined
  }),
)
