import { action } from '../../aws/rpc-service.ts'
import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { hashToDecimal } from '../hash-key.ts'
import type { Shard } from '../shard.ts'
import { accountId, type Stream } from '../stream.ts'
import { hashKey, shardId, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findShardToChange } from './find-shard.ts'
import { findStream } from './find-stream.ts'
import { refuseReshard } from './reshard-refusal.ts'
import { refuseOverQuota } from './shard-quota.ts'

const input = {
  NewStartingHashKey: { ...hashKey, required: true },
  StreamName: streamName,
  StreamARN: streamArn,
  ShardToSplit: { ...shardId, required: true },
} as const

/**
 * Splits a shard in two. Records go to the children with the answer, and the stream is UPDATING for a moment more; on
 * AWS the children come at the end of that.
 */
export const splitShard = action(input, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const shard = findShardToChange(stream, wanted.ShardToSplit)
    if (isRefusal(shard)) return shard
    const refused =
      refuseOverQuota(context.engine.streams(), 1) ??
      refuseHashKey(stream, shard, wanted.NewStartingHashKey) ??
      refuseReshard(stream, [shard], context.now())
    if (refused) return refused
    await stream.split(shard.id, wanted.NewStartingHashKey)
    return undefined
  }),
)

/** Rule and words as kinesalite observed them on AWS, whose reference asks only for a key within the shard's range. */
const refuseHashKey = (stream: Stream, { id, range }: Shard, wanted: string): Refusal | undefined => {
  const [start, end] = [hashToDecimal(range.start), hashToDecimal(range.end)]
  const key = BigInt(wanted)
  if (key > BigInt(start) + 1n && key < BigInt(end)) return undefined
  return refusal(
    'InvalidArgumentException',
    `NewStartingHashKey ${wanted} used in SplitShard() on shard ${id} in stream ${stream.name} ` +
      `under account ${accountId} is not both greater than one plus the shard's StartingHashKey ${start} ` +
      `and less than the shard's EndingHashKey ${end}.`,
  )
}
