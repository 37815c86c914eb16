import { type Refusal, refusal } from '../../aws/service.ts'
import type { Shard } from '../shard.ts'
import { accountId, type Stream } from '../stream.ts'
import { streamStatus } from './find-stream.ts'

/**
 * Why these shards of a stream cannot be split or merged now, whatever is asked of them. The types are documented
 * (API reference, SplitShard and MergeShards), and so is that a stream must be ACTIVE; the words for that and for an
 * ended shard were observed on AWS by others, those about the mode are ours. AWS does not say what it checks first.
 */
export const refuseReshard = (stream: Stream, shards: readonly Shard[], now: number): Refusal | undefined => {
  const { name, mode } = stream
  if (mode === 'ON_DEMAND')
    return refusal(
      'ValidationException',
      `Stream ${name} under account ${accountId} has the stream mode ON_DEMAND; only shards of streams with the ` +
        'stream mode PROVISIONED can be split or merged.',
    )
  const status = streamStatus(stream, now)
  if (status !== 'ACTIVE')
    return refusal(
      'ResourceInUseException',
      `Stream ${name} under account ${accountId} not ACTIVE, instead in state ${status}`,
    )
  const ended = shards.find(({ endedAt }) => endedAt !== undefined)
  if (ended)
    return refusal(
      'InvalidArgumentException',
      `Shard ${ended.id} in stream ${name} under account ${accountId} has already been merged or split, ` +
        'and thus is not eligible for merging or splitting.',
    )
  return undefined
}
