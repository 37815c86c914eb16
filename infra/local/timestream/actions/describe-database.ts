import { action } from '../../aws/rpc-service.ts'
import type { Timestream } from '../timestream.ts'
import { existingName } from '../validation/fields.ts'
import { databaseNotFound, describeDatabaseRecord } from './descriptions.ts'

export const describeDatabase = action(
  { DatabaseName: existingName },
  (engine: Timestream, { DatabaseName }) => {
    const database = engine.database(DatabaseName)
    return database === undefined
      ? databaseNotFound(DatabaseName)
      : { Database: describeDatabaseRecord(database) }
  },
)
