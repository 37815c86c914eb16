import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId, region, type Stream } from '../stream.ts'

/** AWS's quota where it is lowest (1,000 shards an account and Region): each one is a folder and a file here. */
const shardQuota = 1000

/** The refusal of `more` shards where there would be too many; ended ones do not count. */
export const refuseOverQuota = (streams: readonly Stream[], more: number): Refusal | undefined => {
  const existing = streams.flatMap(({ shards }) =>
    shards.filter(({ endedAt }) => endedAt === undefined),
  ).length
  if (existing + more <= shardQuota) return undefined
  return refusal(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${accountId} in ${region}. ` +
      `Current shard count for the account: ${existing}. Limit: ${shardQuota}. ` +
      `Number of additional shards that would have resulted from this request: ${more}.`,
  )
}
