import { type Refusal, refusal } from '../../aws/service.ts'
import type { Field, InputOf } from '../../aws/validation/shape.ts'
import type { Shard } from '../shard.ts'
import type { Stream } from '../stream.ts'
import { shardId } from '../validation/fields.ts'
import { startedAt, trimHorizon } from './shard-description.ts'

export const shardFilterField = {
  type: 'structure',
  members: {
    Type: {
      type: 'string',
      required: true,
      oneOf: [
        'AFTER_SHARD_ID',
        'AT_TRIM_HORIZON',
        'FROM_TRIM_HORIZON',
        'AT_LATEST',
        'AT_TIMESTAMP',
        'FROM_TIMESTAMP',
      ],
    },
    ShardId: shardId,
    Timestamp: { type: 'timestamp' },
  },
} as const satisfies Field

export type ShardFilter = InputOf<(typeof shardFilterField)['members']>

/** Which shards a ListShards filter lets through (API reference, ShardFilter). The wording of refusals is ours. */
export const shardFilter = (
  stream: Stream,
  filter: ShardFilter,
  now: number,
): ((shard: Shard) => boolean) | Refusal => {
  const horizon = trimHorizon(stream, now)
  const { ShardId, Timestamp } = filter
  switch (filter.Type) {
    case 'AFTER_SHARD_ID':
      if (ShardId === undefined) return missing('ShardId', filter)
      return ({ id }) => id > ShardId
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(stream, horizon)
    case 'FROM_TRIM_HORIZON':
      return () => true
    case 'AT_LATEST':
      return ({ endedAt }) => endedAt === undefined
    case 'AT_TIMESTAMP':
      if (Timestamp === undefined) return missing('Timestamp', filter)
      return wasOpenAt(stream, Timestamp)
    case 'FROM_TIMESTAMP':
      if (Timestamp === undefined) return missing('Timestamp', filter)
      return ({ endedAt }) => endedAt === undefined || endedAt >= Math.max(Timestamp, horizon)
  }
}

const wasOpenAt = (stream: Stream, at: number) => (shard: Shard) =>
  startedAt(stream, shard) <= at && (shard.endedAt === undefined || shard.endedAt >= at)

const missing = (name: string, { Type }: ShardFilter): Refusal =>
  refusal('InvalidArgumentException', `ShardFilter of type ${Type} needs ${name}.`)
