import { type Refusal, refusal } from '../../aws/service.ts'
import { isOpen, type Shard } from '../shard.ts'
import { accountId, type Stream } from '../stream.ts'
import { refuseOnDemand, refuseUnlessActive } from './stream-refusal.ts'

/**
 * Why these shards of a stream cannot be split or merged now, whatever is asked of them. The types are documented
 * (API reference, SplitShard and MergeShards); the words for an ended shard were observed on AWS by others. AWS does
 * not say what it checks first.
 */
export const refuseReshard = (stream: Stream, shards: readonly Shard[], now: number): Refusal | undefined =>
  refuseOnDemand(stream, 'split or merged') ?? refuseUnlessActive(stream, now) ?? refuseEnded(stream, shards)

const refuseEnded = ({ name }: Stream, shards: readonly Shard[]): Refusal | undefined => {
  const ended = shards.find((shard) => !isOpen(shard))
  if (ended === undefined) return undefined
  return refusal(
    'InvalidArgumentException',
    `Shard ${ended.id} in stream ${name} under account ${accountId} has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  )
}
