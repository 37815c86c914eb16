import { action } from '../../aws/rpc-service.ts'
import { type Refusal, refusal } from '../../aws/service.ts'
import { type Point, readPoint } from '../point.ts'
import type { RejectedPoint, Timestream } from '../timestream.ts'
import { existingName, recordFields } from '../validation/fields.ts'
import { databaseNotFound, tableNotFound } from './descriptions.ts'

const input = {
  DatabaseName: existingName,
  TableName: existingName,
  CommonAttributes: { type: 'structure', members: recordFields },
  Records: {
    type: 'list',
    required: true,
    minLength: 1,
    maxLength: 100,
    member: { type: 'structure', members: recordFields },
  },
} as const

/** Writes up to 100 records, each for itself: those that are refused are told apart, the others are written. */
export const writeRecords = action(input, (engine: Timestream, wanted) => {
  const { DatabaseName, TableName, CommonAttributes = {}, Records } = wanted
  if (engine.database(DatabaseName) === undefined) return databaseNotFound(DatabaseName)
  const table = engine.table(DatabaseName, TableName)
  if (table === undefined) return tableNotFound(TableName)
  const points: Point[] = []
  for (const record of Records) {
    const point = readPoint(CommonAttributes, record)
    if ('invalid' in point) return refusal('ValidationException', point.invalid)
    points.push(point)
  }
  const rejected = engine.write(table, points)
  if (rejected.length > 0) return rejectedRecords(rejected)
  const { length } = points
  return { RecordsIngested: { Total: length, MemoryStore: length, MagneticStore: 0 } }
})

const rejectedRecords = (rejected: readonly RejectedPoint[]): Refusal & { RejectedRecords: object[] } => ({
  ...refusal(
    'RejectedRecordsException',
    'One or more records have been rejected. See RejectedRecords for details.',
  ),
  RejectedRecords: rejected.map(({ index, reason, existingVersion }) => ({
    RecordIndex: index,
    Reason: reason,
    ...(existingVersion === undefined ? {} : { ExistingVersion: existingVersion }),
  })),
})
