import { action } from '../../aws/json-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { describeMonitoring, monitoringInput, switched } from './shard-level-metrics.ts'
import { refuseUnlessActive } from './stream-refusal.ts'

/** Switches shard-level metrics on. That is kept and told, and no more: nothing is measured here. */
export const enableEnhancedMonitoring = action(monitoringInput, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const refused = refuseUnlessActive(stream, context.now())
    if (refused) return refused
    const before = stream.metrics
    const after = switched(before, wanted.ShardLevelMetrics, true)
    await stream.set({ metrics: after })
    return describeMonitoring(stream, before, after)
  }),
)
