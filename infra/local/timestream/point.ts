import type { InputOf } from '../aws/validation/shape.ts'
import type { recordFields } from './validation/fields.ts'

export type RecordInput = InputOf<typeof recordFields>
type MeasureType = NonNullable<RecordInput['MeasureValueType']>

export type Measure = { name: string; type: MeasureType; value: string }

/** One data point: a record with the common attributes merged in. Name, dimensions and time say which one it is. */
export type Point = {
  /** By name, sorted. */
  dimensions: [name: string, value: string][]
  measureName: string
  /** Since the epoch. */
  timeNs: bigint
  /** By name, sorted; a record of one measure has one, of that name. */
  measures: Measure[]
  version: number
}

/** The point of a record, or what makes the whole request invalid. AWS's words for these are not documented. */
export const readPoint = (common: RecordInput, record: RecordInput): Point | { invalid: string } => {
  const dimensions = [...(common.Dimensions ?? []), ...(record.Dimensions ?? [])]
  const names = dimensions.map(({ Name }) => Name)
  const reserved = names.find(isReserved)
  if (reserved !== undefined) return { invalid: `The dimension name ${reserved} is reserved.` }
  if (new Set(names).size < names.length) return { invalid: 'A record has two dimensions of one name.' }
  const { MeasureName, Time, TimeUnit = 'MILLISECONDS', Version = 1 } = { ...common, ...record }
  if (MeasureName === undefined) return { invalid: 'A record has no MeasureName.' }
  if (Time === undefined || !/^\d{1,19}$/.test(Time))
    return { invalid: `The Time of a record is ${Time}; expected are digits.` }
  const measures = readMeasures(common, record, MeasureName)
  if ('invalid' in measures) return measures
  return {
    dimensions: sortedByName(dimensions.map(({ Name, Value }): [string, string] => [Name, Value])),
    measureName: MeasureName,
    timeNs: BigInt(Time) * nanoseconds[TimeUnit],
    measures,
    version: Version,
  }
}

const readMeasures = (
  common: RecordInput,
  record: RecordInput,
  name: string,
): Measure[] | { invalid: string } => {
  const { MeasureValueType: type = 'DOUBLE', MeasureValue: value } = { ...common, ...record }
  const many = [...(common.MeasureValues ?? []), ...(record.MeasureValues ?? [])]
  if (type === 'MULTI' ? many.length === 0 || value !== undefined : many.length > 0 || value === undefined)
    return { invalid: `A record of type ${type} has MeasureValue or MeasureValues where it needs the other.` }
  const measures =
    type === 'MULTI'
      ? many.map((measure) => ({ name: measure.Name, type: measure.Type, value: measure.Value }))
      : [{ name, type, value: value ?? '' }]
  if (new Set(measures.map((measure) => measure.name)).size < measures.length)
    return { invalid: 'A record has two measures of one name.' }
  const wrong = measures.find((measure) => !isOfType[measure.type](measure.value))
  if (wrong) return { invalid: `The value ${wrong.value} of ${wrong.name} is no ${wrong.type}.` }
  return measures.sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** Names that are columns of every table (quotas, "naming constraints"). */
const isReserved = (name: string): boolean =>
  ['time', 'measure_name', 'measure_value'].includes(name) || name.startsWith('ts_') || name.includes(':')

const sortedByName = (pairs: [string, string][]): [string, string][] =>
  pairs.sort(([left], [right]) => (left < right ? -1 : 1))

const isBigint = (value: string): boolean =>
  /^[+-]?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)

const isOfType: Readonly<Record<MeasureType, (value: string) => boolean>> = {
  BIGINT: isBigint,
  TIMESTAMP: isBigint,
  BOOLEAN: (value) => /^(true|false)$/i.test(value),
  DOUBLE: (value) => value.trim() !== '' && !Number.isNaN(Number(value)),
  VARCHAR: () => true,
  MULTI: () => false, // a measure inside a multi-measure record is of a plain type
}

const nanoseconds: Readonly<Record<NonNullable<RecordInput['TimeUnit']>, bigint>> = {
  NANOSECONDS: 1n,
  MICROSECONDS: 1_000n,
  MILLISECONDS: 1_000_000n,
  SECONDS: 1_000_000_000n,
}
