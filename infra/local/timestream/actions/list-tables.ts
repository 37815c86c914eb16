import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { Timestream } from '../timestream.ts'
import { page } from '../validation/fields.ts'
import { databaseNotFound, describeTableRecord } from './descriptions.ts'
import { pageOf } from './paging.ts'

const input = { DatabaseName: { type: 'string' }, ...page } as const

/** The tables of a database, or of all, by name, 20 a page. */
export const listTables = action(input, (engine: Timestream, { DatabaseName, ...wanted }) => {
  if (DatabaseName !== undefined && engine.database(DatabaseName) === undefined)
    return databaseNotFound(DatabaseName)
  const tables = engine.tables().filter(({ database }) => database === (DatabaseName ?? database))
  const listed = pageOf(tables, wanted)
  if (isRefusal(listed)) return listed
  return { Tables: listed.page.map(describeTableRecord), ...listed.token }
})
