import { type Refusal, refusal } from '../../aws/service.ts'
import { isOpen } from '../shard.ts'
import { accountId, region, type Stream } from '../stream.ts'

/** AWS's quota where it is lowest (1,000 shards an account and Region): each one is a folder and a file here. */
export const shardQuota = 1000

export const openShardCount = (streams: readonly Stream[]): number =>
  streams.flatMap(({ shards }) => shards.filter(isOpen)).length

/** The refusal of `more` shards where there would be too many; ended ones do not count. */
export const refuseOverQuota = (streams: readonly Stream[], more: number): Refusal | undefined => {
  const existing = openShardCount(streams)
  if (existing + more <= shardQuota) return undefined
  return refusal(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${accountId} in ${region}. ` +
      `Current shard count for the account: ${existing}. Limit: ${shardQuota}. ` +
      `Number of additional shards that would have resulted from this request: ${more}.`,
  )
}
