import { action } from '../../aws/rpc-service.ts'
import { refusal } from '../../aws/service.ts'
import type { Timestream } from '../timestream.ts'
import { newName } from '../validation/fields.ts'
import { databaseNotFound, describeTableRecord, tableNotFound } from './descriptions.ts'

const input = {
  DatabaseName: newName,
  TableName: newName,
  RetentionProperties: {
    type: 'structure',
    members: {
      MemoryStoreRetentionPeriodInHours: { type: 'integer', required: true, min: 1, max: 8766 },
      MagneticStoreRetentionPeriodInDays: { type: 'integer', required: true, min: 1, max: 73_000 },
    },
  },
  MagneticStoreWriteProperties: {
    type: 'structure',
    members: { EnableMagneticStoreWrites: { type: 'boolean', required: true } },
  },
} as const

/** Tags and partition keys are taken and dropped; writes into the magnetic store are refused rather than lost. */
export const createTable = action(input, (engine: Timestream, wanted) => {
  const { DatabaseName, TableName, RetentionProperties: retention } = wanted
  if (wanted.MagneticStoreWriteProperties?.EnableMagneticStoreWrites)
    return refusal('ValidationException', 'Writes into the magnetic store are not simulated here.')
  if (engine.database(DatabaseName) === undefined) return databaseNotFound(DatabaseName)
  const made = engine.createTable(
    DatabaseName,
    TableName,
    retention === undefined
      ? {}
      : {
          memoryHours: retention.MemoryStoreRetentionPeriodInHours,
          magneticDays: retention.MagneticStoreRetentionPeriodInDays,
        },
  )
  if (!made) return refusal('ConflictException', `The table ${TableName} already exists.`)
  const table = engine.table(DatabaseName, TableName)
  return table === undefined ? tableNotFound(TableName) : { Table: describeTableRecord(table) }
})
