import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseUnlessActive } from './stream-refusal.ts'
import { refuseTagCharacters, refuseTooManyTags, tagMap } from './tag-rules.ts'

const input = { Tags: { ...tagMap, required: true }, StreamName: streamName, StreamARN: streamArn } as const

/** Adds tags to a stream, or gives those it has new values: 50 at most. */
export const addTagsToStream = action(input, (context: KinesisContext, { Tags, ...choice }) =>
  context.inTurn(async () => {
    const stream = findStream(context, choice)
    if (isRefusal(stream)) return stream
    const tags = { ...stream.tags, ...Tags }
    const refused =
      refuseTagCharacters(Object.entries(Tags).flat()) ??
      refuseUnlessActive(stream, context.now()) ??
      refuseTooManyTags(stream.name, tags)
    if (refused) return refused
    await stream.tag(tags)
    return undefined
  }),
)
