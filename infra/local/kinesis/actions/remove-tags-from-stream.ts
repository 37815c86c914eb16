import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseUnlessActive } from './stream-refusal.ts'
import { maxTags, refuseTagCharacters, tagKey } from './tag-rules.ts'

const input = {
  TagKeys: { type: 'list', required: true, minLength: 1, maxLength: maxTags, member: tagKey },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** Removes tags from a stream; those it does not have are passed over. */
export const removeTagsFromStream = action(input, (context: KinesisContext, { TagKeys, ...choice }) =>
  context.inTurn(async () => {
    const stream = findStream(context, choice)
    if (isRefusal(stream)) return stream
    const refused = refuseTagCharacters(TagKeys) ?? refuseUnlessActive(stream, context.now())
    if (refused) return refused
    await stream.tag(
      Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !TagKeys.includes(key))),
    )
    return undefined
  }),
)
