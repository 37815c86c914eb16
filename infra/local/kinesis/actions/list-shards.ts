import { action } from '../../aws/rpc-service.ts'
import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'
import { limit, nextToken, shardId, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream, streamNotFound, streamStatus } from './find-stream.ts'
import { describeShard, listedShards } from './shard-description.ts'
import { type ShardFilter, shardFilter, shardFilterField } from './shard-filter.ts'

/** The default, and the most that is ever returned. */
const maxShards = 1000

const input = {
  MaxResults: limit,
  ExclusiveStartShardId: shardId,
  NextToken: nextToken,
  StreamCreationTimestamp: { type: 'timestamp' },
  ShardFilter: shardFilterField,
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** What a page goes on with: kept in the token, so that it cannot change between pages. */
type Listing = { stream: string; createdAt?: number; after?: string; filter?: ShardFilter }

type Wanted = {
  StreamName?: string
  StreamARN?: string
  NextToken?: string
  ExclusiveStartShardId?: string
  StreamCreationTimestamp?: number
  ShardFilter?: ShardFilter
}

export const listShards = action(input, (context: KinesisContext, wanted) => {
  const listing = wanted.NextToken === undefined ? firstPage(context, wanted) : nextPage(context, wanted)
  if (isRefusal(listing)) return listing
  const stream = context.engine.stream(listing.stream)
  if (stream === undefined || !isFrom(stream.createdAt, listing.createdAt))
    return streamNotFound(listing.stream)
  const now = context.now()
  if (streamStatus(stream, now) === 'CREATING')
    return refusal(
      'ResourceInUseException',
      `Stream ${stream.name} under account ${accountId} is being created.`,
    )
  const passes = shardFilter(stream, listing.filter ?? { Type: 'FROM_TRIM_HORIZON' }, now)
  if (isRefusal(passes)) return passes

  const after = listing.after ?? ''
  const shards = listedShards(stream, now).filter((shard) => shard.id > after && passes(shard))
  const page = shards.slice(0, Math.min(wanted.MaxResults ?? maxShards, maxShards))
  const last = page.at(-1)
  const next: Listing = { ...listing, createdAt: stream.createdAt, ...(last ? { after: last.id } : {}) }
  return {
    Shards: page.map(describeShard),
    ...(page.length < shards.length ? { NextToken: context.tokens.seal('ListShards', next) } : {}),
  }
})

const firstPage = (context: KinesisContext, wanted: Wanted): Listing | Refusal => {
  if (wanted.StreamName === undefined && wanted.StreamARN === undefined)
    return refusal('InvalidArgumentException', 'Either NextToken or StreamName should be provided.')
  const stream = findStream(context, wanted)
  if (isRefusal(stream)) return stream
  const { ExclusiveStartShardId: after, StreamCreationTimestamp: createdAt, ShardFilter: filter } = wanted
  return {
    stream: stream.name,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(after === undefined ? {} : { after }),
    ...(filter === undefined ? {} : { filter }),
  }
}

const nextPage = ({ tokens }: KinesisContext, wanted: Wanted): Listing | Refusal => {
  const other = (
    ['StreamName', 'StreamARN', 'ExclusiveStartShardId', 'StreamCreationTimestamp', 'ShardFilter'] as const
  ).find((name) => wanted[name] !== undefined)
  if (other) return refusal('InvalidArgumentException', `NextToken and ${other} cannot be provided together.`)
  const opened = tokens.open('ListShards', wanted.NextToken ?? '')
  if ('expired' in opened) return refusal('ExpiredNextTokenException', 'NextToken has expired.')
  if ('invalid' in opened) return refusal('InvalidArgumentException', 'Invalid NextToken.')
  return opened.content as Listing
}

/** AWS's clients round a creation time to seconds. */
const isFrom = (createdAt: number, wanted: number | undefined): boolean =>
  wanted === undefined || Math.abs(createdAt - wanted) < 1000
