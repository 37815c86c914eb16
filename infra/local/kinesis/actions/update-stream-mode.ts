import { action } from '../../aws/rpc-service.ts'
import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { inRollingDay } from '../rolling-day.ts'
import { accountId, type Stream } from '../stream.ts'
import { streamArn, streamModeDetails } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseOverOnDemandQuota } from './on-demand-quota.ts'
import { refuseUnlessActive } from './stream-refusal.ts'

/** How often a stream may be switched within 24 hours (developer guide, from memory). */
const switchesADay = 2

const input = {
  StreamARN: { ...streamArn, required: true },
  StreamModeDetails: { ...streamModeDetails, required: true },
} as const

/** Switches between the capacity modes; the shards stay as they are. AWS takes the stream by its ARN alone here. */
export const updateStreamMode = action(input, (context: KinesisContext, wanted) =>
  context.inTurn(async () => {
    const stream = findStream(context, wanted)
    if (isRefusal(stream)) return stream
    const now = context.now()
    const mode = wanted.StreamModeDetails.StreamMode
    const modeChangedAt = inRollingDay(stream.modeChangedAt, now)
    const refused =
      refuseUnlessActive(stream, now) ??
      refuseSame(stream, mode) ??
      (mode === 'ON_DEMAND' ? refuseOverOnDemandQuota(context.engine.streams()) : undefined) ??
      (modeChangedAt.length >= switchesADay ? switchedTooOften(stream) : undefined)
    if (refused) return refused
    await stream.set({ mode, modeChangedAt: [...modeChangedAt, now] })
    return undefined
  }),
)

/** Type and words are ours: AWS documents neither. */
const refuseSame = ({ name, mode }: Stream, wanted: string): Refusal | undefined =>
  mode === wanted
    ? refusal(
        'InvalidArgumentException',
        `Stream ${name} under account ${accountId} has the stream mode ${mode} already.`,
      )
    : undefined

/** The words are ours. */
const switchedTooOften = ({ name }: Stream): Refusal =>
  refusal(
    'LimitExceededException',
    `The mode of stream ${name} under account ${accountId} has been switched ${switchesADay} times within the last 24 hours.`,
  )
