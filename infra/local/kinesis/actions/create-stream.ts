import { action } from '../../aws/json-service.ts'
import { refusal } from '../../aws/service.ts'
import { accountId, region } from '../stream.ts'
import { streamModeDetails, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { streamStatus } from './find-stream.ts'

/** AWS's quota where it is lowest (1,000 shards an account and Region): each one is a folder and a file here. */
const shardQuota = 1000

/** How many streams may be in the state CREATING at once (API reference, CreateStream). */
const maxCreating = 5

/** What an on-demand stream begins with: 4 MB/s of writes (quotas, service-sizes-and-limits). */
const onDemandShards = 4

const input = {
  ShardCount: { type: 'integer', min: 1 },
  StreamModeDetails: streamModeDetails,
  StreamName: { ...streamName, required: true },
} as const

export const createStream = action(input, (context: KinesisContext, { StreamName, ...wanted }) =>
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
    if (engine.stream(StreamName) !== undefined)
      return refusal(
        'ResourceInUseException',
        `Stream ${StreamName} under account ${accountId} already exists.`,
      )

    const streams = engine.streams()
    if (streams.filter((stream) => streamStatus(stream, now()) === 'CREATING').length >= maxCreating)
      return refusal('LimitExceededException', `More than ${maxCreating} streams cannot be created at once.`)
    const count = wanted.ShardCount ?? onDemandShards
    const existing = streams.reduce((sum, { shards }) => sum + shards.length, 0)
    if (existing + count > shardQuota) return overQuota(existing, count)

    await engine.createStream(StreamName, count, mode)
    return undefined
  }),
)

const overQuota = (existing: number, count: number) =>
  refusal(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${accountId} in ${region}. ` +
      `Current shard count for the account: ${existing}. Limit: ${shardQuota}. ` +
      `Number of additional shards that would have resulted from this request: ${count}.`,
  )
