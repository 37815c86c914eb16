import { type Action, action } from '../../aws/json-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { refuseUnlessActive } from './stream-refusal.ts'
import { maxTags, refuseTagBounds, refuseTagCharacters, tagsField } from './tag-rules.ts'

/** Adds tags to a stream, or gives those it has new values: 50 at most. */
export const addTagsToStream: Action<KinesisContext> = (context, raw) =>
  action(
    { Tags: tagsField(raw), StreamName: streamName, StreamARN: streamArn },
    (context: KinesisContext, { Tags, ...choice }) =>
      context.inTurn(async () => {
        const added = Object.fromEntries(Object.entries(Tags).map(([key, value = '']) => [key, value]))
        const outOfBounds = refuseTagBounds(added)
        if (outOfBounds) return outOfBounds
        const stream = findStream(context, choice)
        if (isRefusal(stream)) return stream
        const refused =
          refuseTagCharacters(Object.entries(added).flat()) ?? refuseUnlessActive(stream, context.now())
        if (refused) return refused
        const tags = { ...stream.tags, ...added }
        if (Object.keys(tags).length > maxTags)
          // The words are kinesalite's, whose number is of a time when AWS took ten.
          return refusal(
            'InvalidArgumentException',
            `Failed to add tags to stream ${stream.name} under account ${accountId} ` +
              `because a given stream cannot have more than ${maxTags} tags associated with it.`,
          )
        await stream.tag(tags)
        return undefined
      }),
  )(context, raw)
