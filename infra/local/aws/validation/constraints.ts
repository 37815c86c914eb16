import { type Refusal, refusal } from '../service.ts'
import type { Field, Lengths, Shape } from './shape.ts'
import { isStructure, type Typed } from './types.ts'

/** AWS lists ten errors at most. */
const maxErrors = 10

/** Longer values are cut in messages (AWS quotes them whole). */
const maxQuotedLength = 1024

/** The `ValidationException` for input that is out of its shape's bounds; `undefined` when all is well. */
export const checkConstraints = (shape: Shape, input: Typed): Refusal | undefined => {
  const errors: string[] = []
  addErrors(errors, shape, input, () => '')
  if (errors.length === 0) return undefined
  const count = `${errors.length} validation error${errors.length > 1 ? 's' : ''} detected`
  return refusal('ValidationException', `${count}: ${errors.join('; ')}`)
}

/** Where a value stands, e.g. `records.1.member.data`; asked for only where there is something to say. */
type Path = () => string

const addErrors = (errors: string[], shape: Shape, input: Typed, parent: Path): void => {
  for (const name in shape) {
    const field = shape[name]
    if (field === undefined) continue
    addFieldErrors(errors, field, input[name], () => {
      const before = parent()
      return `${before === '' ? '' : `${before}.`}${name.charAt(0).toLowerCase()}${name.slice(1)}`
    })
  }
}

const addFieldErrors = (errors: string[], field: Field, value: unknown, path: Path): void => {
  for (const rule of brokenRules(field, value)) {
    if (errors.length >= maxErrors) return
    errors.push(`Value ${quoted(field, value)} at '${path()}' failed to satisfy constraint: ${rule}`)
  }
  if (field.type === 'structure' && isStructure(value)) addErrors(errors, field.members, value, path)
  if (field.type === 'list' && Array.isArray(value)) {
    const member: Field = { ...field.member, required: true }
    for (const [index, item] of value.entries())
      addFieldErrors(errors, member, item, () => `${path()}.${index + 1}.member`)
  }
  if (field.type === 'map' && isStructure(value))
    for (const [key, item] of Object.entries(value))
      if (item === null)
        addFieldErrors(errors, { type: 'string', required: true }, item, () => `${path()}.${key}.member`)
}

const noRules: readonly string[] = []
const nullRules: readonly string[] = ['Member must not be null']

const brokenRules = (field: Field, value: unknown): readonly string[] => {
  if (value === undefined || value === null) return field.required ? nullRules : noRules
  const rules: string[] = []
  if (field.type === 'string' && typeof value === 'string') {
    if (field.pattern !== undefined && !whole(field.pattern).test(value))
      rules.push(`Member must satisfy regular expression pattern: ${field.pattern}`)
    if (field.oneOf && !field.oneOf.includes(value))
      rules.push(`Member must satisfy enum value set: [${field.oneOf.join(', ')}]`)
  }
  if (field.type === 'integer' && typeof value === 'number') {
    if (field.min !== undefined && value < field.min)
      rules.push(`Member must have value greater than or equal to ${field.min}`)
    if (field.max !== undefined && value > field.max)
      rules.push(`Member must have value less than or equal to ${field.max}`)
  }
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) {
    if ('minLength' in field && value.length < (field.minLength ?? 0))
      rules.push(`Member must have length greater than or equal to ${field.minLength}`)
    if ('maxLength' in field && value.length > (field.maxLength ?? Number.POSITIVE_INFINITY))
      rules.push(`Member must have length less than or equal to ${field.maxLength}`)
  }
  if (field.type === 'map' && isStructure(value)) rules.push(...brokenMapRules(field, value))
  return rules
}

/** Of all keys together and all values together, as AWS words it. */
const brokenMapRules = (field: Extract<Field, { type: 'map' }>, map: Typed): string[] => {
  const keys = Object.keys(map)
  const values = Object.values(map).filter((value) => typeof value === 'string')
  const rules: string[] = []
  if (keys.length < (field.minLength ?? 0))
    rules.push(`Member must have length greater than or equal to ${field.minLength}`)
  if (keys.length > (field.maxLength ?? Number.POSITIVE_INFINITY))
    rules.push(`Member must have length less than or equal to ${field.maxLength}`)
  if (!keys.every(isWithin(field.keys)))
    rules.push(`Map keys must satisfy constraint: ${lengthRules(field.keys)}`)
  if (!values.every(isWithin(field.values)))
    rules.push(`Map value must satisfy constraint: ${lengthRules(field.values)}`)
  return rules
}

const isWithin =
  ({ minLength, maxLength }: Lengths) =>
  (text: string): boolean =>
    text.length >= minLength && text.length <= maxLength

const lengthRules = ({ minLength, maxLength }: Lengths): string =>
  `[Member must have length less than or equal to ${maxLength}, ` +
  `Member must have length greater than or equal to ${minLength}]`

/** One expression per pattern of the tables. */
const expressions = new Map<string, RegExp>()

const whole = (pattern: string): RegExp => {
  const known = expressions.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  expressions.set(pattern, known)
  return known
}

const quoted = (field: Field, value: unknown): string => {
  if (value === undefined || value === null) return 'null'
  return `'${shown(field, value).slice(0, maxQuotedLength)}'`
}

const shown = (field: Field, value: unknown): string => {
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  if (field.type === 'list' && Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.length} members]`
  if (field.type === 'map' && isStructure(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${item}`)
      .join(', ')}}`
  return String(value)
}
