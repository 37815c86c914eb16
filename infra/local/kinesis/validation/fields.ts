import type { Field } from '../../aws/validation/shape.ts'

/** Fields that many actions share, with the bounds of AWS's service model (Kinesis_20131202). */
export const streamName = {
  type: 'string',
  pattern: '[a-zA-Z0-9_.-]+',
  minLength: 1,
  maxLength: 128,
} as const satisfies Field

export const streamArn = {
  type: 'string',
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  minLength: 1,
  maxLength: 2048,
} as const satisfies Field

export const shardId = {
  type: 'string',
  pattern: '[a-zA-Z0-9_.-]+',
  minLength: 1,
  maxLength: 128,
} as const satisfies Field

export const hashKey = { type: 'string', pattern: '0|([1-9]\\d{0,38})' } as const satisfies Field

export const sequenceNumberField = {
  type: 'string',
  pattern: '0|([1-9]\\d{0,128})',
} as const satisfies Field

export const nextToken = { type: 'string', minLength: 1, maxLength: 1_048_576 } as const satisfies Field

/** For `Limit` and `MaxResults`. */
export const limit = { type: 'integer', min: 1, max: 10_000 } as const satisfies Field

export const partitionKey = {
  type: 'string',
  required: true,
  minLength: 1,
  maxLength: 256,
} as const satisfies Field

/** AWS's default for a record; it can be raised per stream there, not here. */
export const maxRecordBytes = 1024 * 1024

export const data = { type: 'blob', required: true, maxLength: maxRecordBytes } as const satisfies Field

export const streamModeDetails = {
  type: 'structure',
  members: { StreamMode: { type: 'string', required: true, oneOf: ['PROVISIONED', 'ON_DEMAND'] } },
} as const satisfies Field
