import { json } from '../../../infra/local/aws/json-encoding.ts'
import { isRefusal } from '../../../infra/local/aws/service.ts'
import { checkConstraints } from '../../../infra/local/aws/validation/constraints.ts'
import type { Shape } from '../../../infra/local/aws/validation/shape.ts'
import { checkTypes } from '../../../infra/local/aws/validation/types.ts'

/** The constraints of AWS's service models (firehose-2015-08-04, timestream-write-2018-11-01) and of its quotas, as data. */
const name = { type: 'string', required: true, pattern: '[a-zA-Z0-9_.-]+', minLength: 1 } as const
const types = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP', 'MULTI'] as const

const record = {
  type: 'structure',
  members: {
    Dimensions: {
      type: 'list',
      maxLength: 128,
      member: {
        type: 'structure',
        members: {
          // The API reference says 1 to 60; names and restrictions are those of "naming constraints".
          Name: { type: 'string', required: true, pattern: '(?!ts_|time$|measure_)[^:]{1,60}' },
          Value: { type: 'string', required: true },
        },
      },
    },
    MeasureName: { type: 'string', minLength: 1, maxLength: 256 },
    MeasureValue: { type: 'string', minLength: 1, maxLength: 2048 },
    MeasureValueType: { type: 'string', oneOf: types },
    Time: { type: 'string', minLength: 1, maxLength: 256, pattern: '\\d+' },
    TimeUnit: { type: 'string', oneOf: ['MILLISECONDS', 'SECONDS', 'MICROSECONDS', 'NANOSECONDS'] },
    Version: { type: 'integer', min: 1 },
    MeasureValues: {
      type: 'list',
      maxLength: 256,
      member: {
        type: 'structure',
        members: {
          Name: { type: 'string', required: true, minLength: 1, maxLength: 256 },
          // Placar writes whole numbers; a BIGINT has 64 bits.
          Value: { type: 'string', required: true, pattern: '\\d{1,18}' },
          Type: { type: 'string', required: true, oneOf: ['BIGINT'] },
        },
      },
    },
  },
} as const

const models: Readonly<Record<string, Shape>> = {
  'Firehose_20150804.PutRecordBatch': {
    DeliveryStreamName: { ...name, maxLength: 64 },
    Records: {
      type: 'list',
      required: true,
      minLength: 1,
      maxLength: 500,
      member: {
        type: 'structure',
        members: { Data: { type: 'blob', required: true, maxLength: 1_024_000 } },
      },
    },
  },
  'Timestream_20181101.WriteRecords': {
    DatabaseName: { ...name, maxLength: 256 },
    TableName: { ...name, maxLength: 256 },
    CommonAttributes: record,
    Records: { type: 'list', required: true, minLength: 1, maxLength: 100, member: record },
  },
}

/** The limit on a whole PutRecordBatch; AWS does not say whether before or behind base64, so what is sent keeps to it. */
const maxBatchBytes = 4 * 1024 * 1024
const maxRecordBytes = 2048

/** What AWS would find wrong with a request; `undefined` when nothing. */
export const findFault = ({ target, body }: { target: string; body: string }): string | undefined => {
  const model = models[target]
  if (model === undefined) return `${target} is no request of an exporter`
  const input: Record<string, unknown> = JSON.parse(body)
  const unknown = Object.keys(input).find((field) => !(field in model))
  if (unknown !== undefined) return `${target} has no field ${unknown}`
  const typed = checkTypes(model, input, json)
  if (isRefusal(typed)) return typed.Message ?? typed.message ?? typed.__type
  const broken = checkConstraints(model, typed)
  if (broken) return broken.message
  if (target.startsWith('Firehose'))
    return Buffer.byteLength(body) > maxBatchBytes ? `a request of ${body.length} bytes` : undefined
  return seriesFault(input as unknown as WriteRecordsBody)
}

export type RecordBody = {
  Dimensions?: { Name: string; Value: string }[]
  MeasureName?: string
  MeasureValueType?: string
  Time?: string
  Version?: number
  MeasureValues?: { Name: string; Value: string }[]
}

export type WriteRecordsBody = { CommonAttributes: RecordBody; Records: RecordBody[] }

/** The rules on records once the common attributes are merged in. */
const seriesFault = ({ CommonAttributes, Records }: WriteRecordsBody): string | undefined => {
  const seen = new Set<string>()
  for (const own of Records) {
    const dimensions = [...(CommonAttributes.Dimensions ?? []), ...(own.Dimensions ?? [])]
    const names = new Set(dimensions.map(({ Name }) => Name))
    if (names.size < dimensions.length) return `a dimension twice: ${JSON.stringify(dimensions)}`
    const merged = { ...CommonAttributes, ...own }
    if (merged.MeasureName === undefined || merged.MeasureValueType !== 'MULTI' || merged.Time === undefined)
      return `not whole: ${JSON.stringify(merged)}`
    const texts = [
      ...dimensions.flatMap(Object.values),
      ...(merged.MeasureValues ?? []).flatMap(Object.values),
    ]
    if (Buffer.byteLength(texts.join('')) > maxRecordBytes) return `over 2 KB: ${JSON.stringify(merged)}`
    const point = JSON.stringify([dimensions, merged.Time, merged.MeasureName])
    if (seen.has(point)) return `one point twice: ${point}`
    seen.add(point)
  }
  return undefined
}
