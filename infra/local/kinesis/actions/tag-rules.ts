import { type Refusal, refusal } from '../../aws/service.ts'
import type { Field } from '../../aws/validation/shape.ts'

export const maxTags = 50

export const tagKey = { type: 'string', minLength: 1, maxLength: 128 } as const satisfies Field

const maxValueLength = 256

const maxQuotedLength = 1024

/**
 * `Tags` as a field. The tables know no maps, so that this is a structure of the very keys that were sent; what is no
 * map is left to the table, which refuses it.
 */
export const tagsField = (raw: object) => {
  const tags = 'Tags' in raw ? raw.Tags : undefined
  const keys = typeof tags === 'object' && tags !== null ? Object.keys(tags) : []
  const members: Readonly<Record<string, { type: 'string' }>> = Object.fromEntries(
    keys.map((key) => [key, { type: 'string' }]),
  )
  return { type: 'structure', required: true, members } as const
}

/**
 * The refusal of tags that are none, or too many, or whose keys or values are out of bounds (service model). A map's
 * bounds come after those of all other fields here, in words after the pattern of the others'.
 */
export const refuseTagBounds = (tags: Readonly<Record<string, string>>): Refusal | undefined => {
  const keys = Object.keys(tags)
  if (keys.length === 0) return outOfBounds(tags, 'Member must have length greater than or equal to 1')
  if (keys.length > 200) return outOfBounds(tags, 'Member must have length less than or equal to 200')
  if (keys.some((key) => key.length < tagKey.minLength || key.length > tagKey.maxLength))
    return outOfBounds(
      tags,
      'Map keys must satisfy constraint: [Member must have length less than or equal to 128, ' +
        'Member must have length greater than or equal to 1]',
    )
  if (Object.values(tags).some((value) => value.length > maxValueLength))
    return outOfBounds(
      tags,
      'Map value must satisfy constraint: [Member must have length less than or equal to 256, ' +
        'Member must have length greater than or equal to 0]',
    )
  return undefined
}

/** The refusal of characters that tags cannot have (API reference, Tag). The words are kinesalite's. */
export const refuseTagCharacters = (texts: readonly string[]): Refusal | undefined =>
  texts.every((text) => /^[\p{L}\p{N}\p{Z}_./=+\-%@:]*$/u.test(text))
    ? undefined
    : refusal(
        'InvalidArgumentException',
        'Some tags contain invalid characters. Valid characters: ' +
          'Unicode letters, digits, white space, _ . / = + - % @ :.',
      )

const outOfBounds = (tags: Readonly<Record<string, string>>, rule: string): Refusal => {
  const shown = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
  const value = `{${shown.join(', ').slice(0, maxQuotedLength)}}`
  return refusal(
    'ValidationException',
    `1 validation error detected: Value '${value}' at 'tags' failed to satisfy constraint: ${rule}`,
  )
}
