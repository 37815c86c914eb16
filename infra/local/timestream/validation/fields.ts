import type { Field, Shape } from '../../aws/validation/shape.ts'

/**
 * Fields that many actions share, with the bounds of AWS's service model (Timestream_20181101); lengths of names are
 * those of the quotas, where they are said in bytes.
 */
export const newName = {
  type: 'string',
  required: true,
  pattern: '[a-zA-Z0-9_.-]+',
  minLength: 1,
  maxLength: 256,
} as const satisfies Field

export const existingName = { type: 'string', required: true } as const satisfies Field

export const page = {
  NextToken: { type: 'string' },
  MaxResults: { type: 'integer', min: 1, max: 20 },
} as const satisfies Shape

const dimension = {
  type: 'structure',
  members: {
    Name: { type: 'string', required: true, minLength: 1, maxLength: 60 },
    Value: { type: 'string', required: true },
    DimensionValueType: { type: 'string', oneOf: ['VARCHAR'] },
  },
} as const satisfies Field

const measureName = { type: 'string', minLength: 1, maxLength: 256 } as const satisfies Field
const measureValue = { type: 'string', minLength: 1, maxLength: 2048 } as const satisfies Field
const measureType = {
  type: 'string',
  oneOf: ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP', 'MULTI'],
} as const satisfies Field

/** A record, and what records have in common. */
export const recordFields = {
  Dimensions: { type: 'list', maxLength: 128, member: dimension },
  MeasureName: measureName,
  MeasureValue: measureValue,
  MeasureValueType: measureType,
  Time: { type: 'string', minLength: 1, maxLength: 256 },
  TimeUnit: { type: 'string', oneOf: ['MILLISECONDS', 'SECONDS', 'MICROSECONDS', 'NANOSECONDS'] },
  // A long on AWS; the tables here know integers of 32 bits, and take a larger one as the largest of those.
  Version: { type: 'integer', min: 1 },
  MeasureValues: {
    type: 'list',
    member: {
      type: 'structure',
      members: {
        Name: { ...measureName, required: true },
        Value: { ...measureValue, required: true },
        Type: { ...measureType, required: true },
      },
    },
  },
} as const satisfies Shape
