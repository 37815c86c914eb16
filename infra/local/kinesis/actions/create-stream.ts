import { action } from '../../aws/rpc-service.ts'
import { refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'
import { streamModeDetails, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { streamStatus } from './find-stream.ts'
import { refuseOverOnDemandQuota } from './on-demand-quota.ts'
import { refuseOverQuota } from './shard-quota.ts'
import { refuseTagCharacters, refuseTooManyTags, tagMap } from './tag-rules.ts'

/** How many streams may be in the state CREATING at once (API reference, CreateStream). */
const maxCreating = 5

/** What an on-demand stream begins with: 4 MB/s of writes (quotas, service-sizes-and-limits). */
const onDemandShards = 4

const input = {
  ShardCount: { type: 'integer', min: 1 },
  StreamModeDetails: streamModeDetails,
  Tags: tagMap,
  StreamName: { ...streamName, required: true },
} as const

export const createStream = action(input, (context: KinesisContext, { StreamName, Tags = {}, ...wanted }) =>
  context.inTurn(async () => {
    const { engine, now } = context
    const mode = wanted.StreamModeDetails?.StreamMode ?? 'PROVISIONED'
    if (mode === 'PROVISIONED' && wanted.ShardCount === undefined)
      return refusal(
        'ValidationException',
        "1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: Member must not be null",
      )
    if (mode === 'ON_DEMAND' && wanted.ShardCount !== undefined)
      return refusal(
        'InvalidArgumentException',
        'ShardCount can only be given for the stream mode PROVISIONED.',
      )
    const badTags = refuseTagCharacters(Object.entries(Tags).flat()) ?? refuseTooManyTags(StreamName, Tags)
    if (badTags) return badTags
    if (engine.stream(StreamName) !== undefined)
      return refusal(
        'ResourceInUseException',
        `Stream ${StreamName} under account ${accountId} already exists.`,
      )

    const streams = engine.streams()
    if (streams.filter((stream) => streamStatus(stream, now()) === 'CREATING').length >= maxCreating)
      return refusal('LimitExceededException', `More than ${maxCreating} streams cannot be created at once.`)
    const count = wanted.ShardCount ?? onDemandShards
    const refused =
      refuseOverQuota(streams, count) ?? (mode === 'ON_DEMAND' ? refuseOverOnDemandQuota(streams) : undefined)
    if (refused) return refused

    await engine.createStream(StreamName, count, mode, Tags)
    return undefined
  }),
)
