import { isRefusal, type Refusal, serializationRefusal } from '../service.ts'
import type { Field, Shape } from './shape.ts'

export type Typed = { [name: string]: unknown }

/**
 * Takes the fields of a shape out of parsed JSON, decoded (blobs to bytes, timestamps to epoch ms); others are left
 * out, and null counts as absent. AWS checks types before anything else and stops at the first that is wrong.
 */
export const checkTypes = (shape: Shape, raw: object): Typed | Refusal => {
  const typed: Typed = {}
  for (const [name, field] of Object.entries(shape)) {
    const value = Object.hasOwn(raw, name) ? (raw as Typed)[name] : undefined
    if (value === undefined || value === null) continue
    const decoded = decode(field, value)
    if (isRefusal(decoded)) return decoded
    typed[name] = decoded
  }
  return typed
}

const decode = (field: Field, value: unknown): unknown => {
  switch (field.type) {
    case 'list':
      return decodeList(field.member, value)
    case 'structure':
      if (Array.isArray(value)) return listNotExpected
      return typeof value === 'object'
        ? checkTypes(field.members, value as object)
        : serializationRefusal('Expected null')
    default:
      if (Array.isArray(value)) return listNotExpected
      if (typeof value === 'object') return structureNotExpected
      return decodeScalar(field.type, value)
  }
}

const decodeList = (member: Field, value: unknown): unknown => {
  if (!Array.isArray(value))
    return typeof value === 'object' ? structureNotExpected : serializationRefusal('Expected list or null')
  const items: unknown[] = []
  for (const item of value) {
    const decoded = item === null ? null : decode(member, item)
    if (isRefusal(decoded)) return decoded
    items.push(decoded)
  }
  return items
}

const decodeScalar = (
  type: 'string' | 'integer' | 'boolean' | 'timestamp' | 'blob',
  value: unknown,
): unknown => {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : notConvertible(value, 'a String')
    case 'integer':
      return typeof value === 'number'
        ? Math.min(Math.floor(value), maxInteger)
        : notConvertible(value, 'an Integer')
    case 'boolean':
      return typeof value === 'boolean' ? value : notConvertible(value, 'a Boolean')
    case 'timestamp':
      return typeof value === 'number'
        ? Math.round(value * 1000)
        : notConvertible(value, 'milliseconds since epoch')
    case 'blob':
      return typeof value === 'string' ? decodeBase64(value) : notConvertible(value, 'a Blob')
  }
}

/** Node decodes what it can of broken base64; AWS refuses it. */
const decodeBase64 = (text: string): Buffer | Refusal => {
  if (text.length % 4 !== 0)
    return notBase64(
      text,
      `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`,
    )
  const wrong = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(text)
  if (wrong) return notBase64(text, `Invalid Base64 character: '${wrong[0]}'`)
  const lastQuantum = text.slice(-4)
  if (Buffer.from(lastQuantum, 'base64').toString('base64') !== lastQuantum)
    return notBase64(text, 'Invalid last non-pad Base64 character dectected') // AWS's spelling
  return Buffer.from(text, 'base64')
}

const maxInteger = 2 ** 31 - 1
const maxQuotedLength = 100
const listNotExpected = serializationRefusal('Start of list found where not expected')
const structureNotExpected = serializationRefusal('Start of structure or map found where not expected.')

const notBase64 = (text: string, why: string): Refusal =>
  serializationRefusal(`'${text.slice(0, maxQuotedLength)}' can not be converted to a Blob: ${why}`)

const notConvertible = (value: unknown, type: string): Refusal =>
  serializationRefusal(
    `${typeof value === 'boolean' ? String(value).toUpperCase() : (typeof value).toUpperCase()}_VALUE can not be converted to ${type}`,
  )
