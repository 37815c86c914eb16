import type { Encoding } from './encoding.ts'
import { type Refusal, serializationRefusal } from './service.ts'
import { notConvertible, notTimestamp } from './validation/type-refusal.ts'

const maxQuotedLength = 100

/** JSON 1.1 and 1.0: blobs are base64, timestamps epoch seconds with a fraction. */
export const json: Encoding = {
  mediaTypes: ['application/x-amz-json-1.1', 'application/x-amz-json-1.0'],
  decode: (body) => JSON.parse(body.toString('utf8')),
  encode: (output) => JSON.stringify(output),
  readBlob: (value) => (typeof value === 'string' ? decodeBase64(value) : notConvertible(value, 'a Blob')),
  readTimestamp: (value) =>
    typeof value === 'number' && Number.isFinite(value) ? Math.round(value * 1000) : notTimestamp(value),
}

/** Node decodes what it can of broken base64; AWS refuses it. What comes back as it was is not broken. */
const decodeBase64 = (text: string): Buffer | Refusal => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : notBase64(text, whatIsBroken(text))
}

const whatIsBroken = (text: string): string => {
  if (text.length % 4 !== 0)
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`
  const wrong = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(text)
  return wrong ? `Invalid Base64 character: '${wrong[0]}'` : 'Invalid last non-pad Base64 character dectected' // AWS's spelling
}

const notBase64 = (text: string, why: string): Refusal =>
  serializationRefusal(`'${text.slice(0, maxQuotedLength)}' can not be converted to a Blob: ${why}`)
