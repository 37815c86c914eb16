import { action } from '../../aws/rpc-service.ts'
import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { inRollingDay } from '../rolling-day.ts'
import { accountId, type Stream } from '../stream.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { openShardCount, refuseOverQuota } from './shard-quota.ts'
import { refuseOnDemand, refuseUnlessActive } from './stream-refusal.ts'

const input = {
  TargetShardCount: { type: 'integer', required: true, min: 1 },
  ScalingType: { type: 'string', required: true, oneOf: ['UNIFORM_SCALING'] },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/**
 * Splits and merges until the open shards share the hash keys out evenly. As with SplitShard, records go to them with
 * the answer. The count there is already is taken too, and evens out what splits and merges have made uneven; AWS does
 * not say what it does then.
 */
export const updateShardCount = action(input, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const { engine } = context
    const now = context.now()
    const [open, target] = [openShardCount([stream]), wanted.TargetShardCount]
    const scaledAt = inRollingDay(stream.scaledAt, now)
    const refused =
      refuseOnDemand(stream, 'scaled') ??
      refuseUnlessActive(stream, now) ??
      refuseStep(open, target) ??
      refuseOverQuota(engine.streams(), target - open) ??
      (scaledAt.length >= engine.scalingsADay ? scaledTooOften(stream, scaledAt.length) : undefined)
    if (refused) return refused
    await stream.scale(target, [...scaledAt, now])
    return {
      StreamName: stream.name,
      CurrentShardCount: open,
      TargetShardCount: target,
      StreamARN: stream.arn,
    }
  }),
)

/** Rule: API reference. The words are kinesalite's; the first ones were seen on AWS by others too. */
const refuseStep = (open: number, target: number): Refusal | undefined => {
  const tooFar = target > open * 2 ? 'up over double' : target * 2 < open ? 'down below half' : undefined
  if (tooFar === undefined) return undefined
  return refusal(
    'LimitExceededException',
    `UpdateShardCount cannot scale ${tooFar} your current open shard count. ` +
      `Current open shard count: ${open}, Target shard count: ${target}`,
  )
}

/** The words are ours. */
const scaledTooOften = ({ name }: Stream, times: number): Refusal =>
  refusal(
    'LimitExceededException',
    `Stream ${name} under account ${accountId} has been scaled ${times} times within the last 24 hours, ` +
      'the most that UpdateShardCount can be called for a stream in that time.',
  )
