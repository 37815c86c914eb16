import { action } from '../../aws/rpc-service.ts'
import { refusal } from '../../aws/service.ts'
import type { Timestream } from '../timestream.ts'
import { newName } from '../validation/fields.ts'
import { databaseNotFound, describeDatabaseRecord } from './descriptions.ts'

/** KMS keys and tags are taken and dropped. */
export const createDatabase = action({ DatabaseName: newName }, (engine: Timestream, { DatabaseName }) => {
  if (!engine.createDatabase(DatabaseName))
    return refusal('ConflictException', `The database ${DatabaseName} already exists.`)
  const database = engine.database(DatabaseName)
  return database === undefined
    ? databaseNotFound(DatabaseName)
    : { Database: describeDatabaseRecord(database) }
})
