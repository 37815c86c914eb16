import type { WireTypes } from '../encoding.ts'
import { isRefusal, type Refusal, serializationRefusal } from '../service.ts'
import { WireTimestamp } from '../wire-value.ts'
import type { Field, Shape } from './shape.ts'
import { listNotExpected, notConvertible, structureNotExpected } from './type-refusal.ts'

export type Typed = { [name: string]: unknown }

/**
 * Takes the fields of a shape out of a decoded body, with blobs as bytes and timestamps as epoch ms; others are left
 * out, and null counts as absent. AWS checks types before anything else and stops at the first that is wrong.
 */
export const checkTypes = (shape: Shape, raw: object, wire: WireTypes): Typed | Refusal => {
  const typed: Typed = {}
  for (const [name, field] of Object.entries(shape)) {
    const value = Object.hasOwn(raw, name) ? (raw as Typed)[name] : undefined
    if (value === undefined || value === null) continue
    const read = readField(field, value, wire)
    if (isRefusal(read)) return read
    typed[name] = read
  }
  return typed
}

const readField = (field: Field, value: unknown, wire: WireTypes): unknown => {
  switch (field.type) {
    case 'list':
      return readList(field.member, value, wire)
    case 'map':
      return readMap(value, wire)
    case 'structure':
      if (Array.isArray(value)) return listNotExpected
      return isStructure(value)
        ? checkTypes(field.members, value, wire)
        : serializationRefusal('Expected null')
    default:
      if (Array.isArray(value)) return listNotExpected
      return isStructure(value) ? structureNotExpected : readScalar(field.type, value, wire)
  }
}

const readList = (member: Field, value: unknown, wire: WireTypes): unknown => {
  if (!Array.isArray(value))
    return isStructure(value) ? structureNotExpected : serializationRefusal('Expected list or null')
  const items: unknown[] = []
  for (const item of value) {
    const read = readMember(member, item, wire)
    if (isRefusal(read)) return read
    items.push(read)
  }
  return items
}

/** Texts by texts, made from entries because a key may be any, `__proto__` too. */
const readMap = (value: unknown, wire: WireTypes): unknown => {
  if (Array.isArray(value)) return listNotExpected
  if (!isStructure(value)) return serializationRefusal('Expected map or null')
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    const read = readMember({ type: 'string' }, item, wire)
    if (isRefusal(read)) return read
    entries.push([key, read])
  }
  return Object.fromEntries(entries)
}

const readMember = (member: Field, item: unknown, wire: WireTypes): unknown =>
  item === null || item === undefined ? null : readField(member, item, wire)

const readScalar = (
  type: 'string' | 'integer' | 'boolean' | 'timestamp' | 'blob',
  value: unknown,
  wire: WireTypes,
): unknown => {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : notConvertible(value, 'a String')
    case 'integer':
      return typeof value === 'number' && !Number.isNaN(value)
        ? Math.min(Math.floor(value), maxInteger)
        : notConvertible(value, 'an Integer')
    case 'boolean':
      return typeof value === 'boolean' ? value : notConvertible(value, 'a Boolean')
    case 'timestamp':
      return wire.readTimestamp(value)
    case 'blob':
      return wire.readBlob(value)
  }
}

/** Whether a decoded value is a structure, or a map, which is the same on the wire. */
export const isStructure = (value: unknown): value is Typed =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof WireTimestamp)

const maxInteger = 2 ** 31 - 1
