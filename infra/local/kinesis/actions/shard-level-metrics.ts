import type { Field } from '../../aws/validation/shape.ts'
import type { Stream } from '../stream.ts'
import { streamArn, streamName } from '../validation/fields.ts'

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
export const monitoringInput = {
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
export const switched = (before: readonly string[], named: readonly string[], on: boolean): string[] =>
  metrics.filter((metric) => (named.includes('ALL') || named.includes(metric) ? on : before.includes(metric)))

/** What both actions answer. */
export const describeMonitoring = (
  { name, arn }: Stream,
  before: readonly string[],
  after: readonly string[],
) => ({
  StreamName: name,
  CurrentShardLevelMetrics: before,
  DesiredShardLevelMetrics: after,
  StreamARN: arn,
})
