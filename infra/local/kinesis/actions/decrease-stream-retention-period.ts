import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseRetention, retentionInput, wrongDirection } from './retention-period.ts'
import { refuseUnlessActive } from './stream-refusal.ts'

/**
 * Keeps records for a shorter time; those that are now too old are removed at once, by whole segments as ever. The
 * period there is already is taken as no change, as when it is increased.
 */
export const decreaseStreamRetentionPeriod = action(retentionInput, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const hours = wanted.RetentionPeriodHours
    const refused = refuseRetention(hours) ?? refuseUnlessActive(stream, context.now())
    if (refused) return refused
    if (hours > stream.retentionHours) return wrongDirection(stream, hours, 'longer')
    if (hours === stream.retentionHours) return undefined
    await stream.set({ retentionHours: hours })
    await context.engine.trim()
    return undefined
  }),
)
