import { type Refusal, serializationRefusal } from '../service.ts'
import { WireTimestamp } from '../wire-value.ts'

export const listNotExpected = serializationRefusal('Start of list found where not expected')
export const structureNotExpected = serializationRefusal(
  'Start of structure or map found where not expected.',
)

/** The refusal of a value that is not of its field's type, which has its article, e.g. `a Blob`. */
export const notConvertible = (value: unknown, type: string): Refusal =>
  serializationRefusal(`${kindOf(value)}_VALUE can not be converted to ${type}`)

export const notTimestamp = (value: unknown): Refusal => notConvertible(value, 'milliseconds since epoch')

/** In AWS's words where it reads JSON; it has no words known to us for bytes, which only CBOR has. */
const kindOf = (value: unknown): string => {
  if (value instanceof Uint8Array) return 'BINARY'
  if (value instanceof WireTimestamp) return 'NUMBER'
  return typeof value === 'boolean' ? String(value).toUpperCase() : (typeof value).toUpperCase()
}
