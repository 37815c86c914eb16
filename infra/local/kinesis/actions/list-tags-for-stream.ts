import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { maxTags, tagKey } from './tag-rules.ts'

const input = {
  Limit: { type: 'integer', min: 1, max: maxTags },
  ExclusiveStartTagKey: tagKey,
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** A stream's tags by their keys, all of them unless a limit is given. */
export const listTagsForStream = action(input, (context: KinesisContext, wanted) => {
  const stream = findStream(context, wanted)
  if (isRefusal(stream)) return stream
  const after = wanted.ExclusiveStartTagKey ?? ''
  const tags = Object.entries(stream.tags)
    .filter(([key]) => key > after)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }))
  const page = tags.slice(0, wanted.Limit ?? maxTags)
  return { Tags: page, HasMoreTags: page.length < tags.length }
})
