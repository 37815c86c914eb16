import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseRetention, retentionInput, wrongDirection } from './retention-period.ts'
import { refuseUnlessActive } from './stream-refusal.ts'

/**
 * Keeps records longer. Those that had expired before stay so, which is why they are removed first. The period there
 * is already is taken as no change: the reference asks for a longer one, but Terraform's provider relies on this.
 */
export const increaseStreamRetentionPeriod = action(retentionInput, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const hours = wanted.RetentionPeriodHours
    const refused = refuseRetention(hours) ?? refuseUnlessActive(stream, context.now())
    if (refused) return refused
    if (hours < stream.retentionHours) return wrongDirection(stream, hours, 'shorter')
    if (hours === stream.retentionHours) return undefined
    await context.engine.trim()
    await stream.set({ retentionHours: hours })
    return undefined
  }),
)
