import { action } from '../../aws/rpc-service.ts'
import type { KinesisContext } from './context.ts'
import { onDemandCount, onDemandQuota } from './on-demand-quota.ts'
import { openShardCount, shardQuota } from './shard-quota.ts'

/** What the account may have, and has. */
export const describeLimits = action({}, ({ engine }: KinesisContext) => {
  const streams = engine.streams()
  return {
    ShardLimit: shardQuota,
    OpenShardCount: openShardCount(streams),
    OnDemandStreamCount: onDemandCount(streams),
    OnDemandStreamCountLimit: onDemandQuota,
  }
})
