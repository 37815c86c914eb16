import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { Field } from '../../aws/validation/shape.ts'
import type { Stream } from '../stream.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseUnlessActive } from './stream-refusal.ts'

const metrics = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const

/** The input of EnableEnhancedMonitoring and DisableEnhancedMonitoring. */
const monitoringInput = {
  ShardLevelMetrics: {
    type: 'list',
    required: true,
    minLength: 1,
    maxLength: 7,
    member: { type: 'string', oneOf: [...metrics, 'ALL'] },
  } satisfies Field,
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** Of all metrics, in their order, those that are on after some have been switched; `ALL` stands for every one. */
const switched = (before: readonly string[], named: readonly string[], on: boolean): string[] =>
  metrics.filter((metric) => (named.includes('ALL') || named.includes(metric) ? on : before.includes(metric)))

/** What both actions answer. */
const describeMonitoring = ({ name, arn }: Stream, before: readonly string[], after: readonly string[]) => ({
  StreamName: name,
  CurrentShardLevelMetrics: before,
  DesiredShardLevelMetrics: after,
  StreamARN: arn,
})

/** The two actions differ in nothing else. */
export const switchMonitoring = (on: boolean) =>
  action(monitoringInput, (context: KinesisContext, wanted) =>
    context.inTurn(async () => {
      const stream = findStream(context, wanted)
      if (isRefusal(stream)) return stream
      const refused = refuseUnlessActive(stream, context.now())
      if (refused) return refused
      const before = stream.metrics
      const after = switched(before, wanted.ShardLevelMetrics, on)
      await stream.set({ metrics: after })
      return describeMonitoring(stream, before, after)
    }),
  )
