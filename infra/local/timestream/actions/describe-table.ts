import { action } from '../../aws/rpc-service.ts'
import type { Timestream } from '../timestream.ts'
import { existingName } from '../validation/fields.ts'
import { databaseNotFound, describeTableRecord, tableNotFound } from './descriptions.ts'

const input = { DatabaseName: existingName, TableName: existingName } as const

export const describeTable = action(input, (engine: Timestream, { DatabaseName, TableName }) => {
  if (engine.database(DatabaseName) === undefined) return databaseNotFound(DatabaseName)
  const table = engine.table(DatabaseName, TableName)
  return table === undefined ? tableNotFound(TableName) : { Table: describeTableRecord(table) }
})
