import { type Refusal, refusal } from '../../aws/service.ts'
import type { Field } from '../../aws/validation/shape.ts'
import { accountId } from '../stream.ts'

export const maxTags = 50

export const tagKey = { type: 'string', minLength: 1, maxLength: 128 } as const satisfies Field

/** `Tags` of a request, with the bounds of the service model; that a stream has 50 at most is told apart from them. */
export const tagMap = {
  type: 'map',
  minLength: 1,
  maxLength: 200,
  keys: tagKey,
  values: { minLength: 0, maxLength: 256 },
} as const satisfies Field

type Tags = Readonly<Record<string, string>>

/** The refusal of characters that tags cannot have (API reference, Tag). The words are kinesalite's. */
export const refuseTagCharacters = (texts: readonly string[]): Refusal | undefined =>
  texts.every((text) => /^[\p{L}\p{N}\p{Z}_./=+\-%@:]*$/u.test(text))
    ? undefined
    : refusal(
        'InvalidArgumentException',
        'Some tags contain invalid characters. Valid characters: ' +
          'Unicode letters, digits, white space, _ . / = + - % @ :.',
      )

/** The refusal of more tags than a stream can have. The words are kinesalite's, of a time when AWS took ten. */
export const refuseTooManyTags = (streamName: string, tags: Tags): Refusal | undefined =>
  Object.keys(tags).length > maxTags
    ? refusal(
        'InvalidArgumentException',
        `Failed to add tags to stream ${streamName} under account ${accountId} ` +
          `because a given stream cannot have more than ${maxTags} tags associated with it.`,
      )
    : undefined
