import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import type { Position } from '../log/segment-reader.ts'
import type { Shard } from '../shard.ts'
import type { Stream } from '../stream.ts'
import type { KinesisContext } from './context.ts'
import { shardNotFound } from './find-shard.ts'
import { findReadyStream } from './find-stream.ts'
import { tokenLifeMs } from './token.ts'

/** A place in a shard, as a reader carries it about. */
type Place = { stream: string; createdAt: number; shard: number; position: Position }

export type OpenedIterator = { stream: Stream; shard: Shard; position: Position }

export const sealIterator = (
  { tokens }: KinesisContext,
  stream: Stream,
  shard: Shard,
  position: Position,
): string => {
  const place: Place = { stream: stream.name, createdAt: stream.createdAt, shard: shard.index, position }
  return tokens.seal('ShardIterator', place)
}

/** Where an iterator stands. One of a stream that was deleted since is refused, even if its name is in use again. */
export const openIterator = (context: KinesisContext, iterator: string): OpenedIterator | Refusal => {
  const opened = context.tokens.open('ShardIterator', iterator)
  if ('invalid' in opened) return refusal('InvalidArgumentException', 'Invalid ShardIterator.')
  if ('expired' in opened) return iteratorExpired(opened.issuedAt, context.now())
  const place = opened.content as Place
  const stream = findReadyStream(context, { StreamName: place.stream })
  if (isRefusal(stream) || stream.createdAt !== place.createdAt)
    return shardNotFound(place.stream, place.shard)
  const shard = stream.shards.find(({ index }) => index === place.shard)
  return shard ? { stream, shard, position: place.position } : shardNotFound(place.stream, place.shard)
}

const iteratorExpired = (issuedAt: number | undefined, now: number): Refusal =>
  refusal(
    'ExpiredIteratorException',
    issuedAt === undefined
      ? 'Iterator expired. It was created before the last restart of this endpoint.'
      : `Iterator expired. The iterator was created at time ${javaDate(issuedAt)} ` +
          `while right now it is ${javaDate(now)} ` +
          `which is further in the future than the tolerated delay of ${tokenLifeMs} milliseconds.`,
  )

/** As AWS prints a time here: `Thu Jan 22 01:22:02 UTC 2015`. */
const javaDate = (epochMs: number): string => {
  const [weekday, day, month, year, time] = new Date(epochMs).toUTCString().replace(',', '').split(' ')
  return [weekday, month, day, time, 'UTC', year].join(' ')
}
