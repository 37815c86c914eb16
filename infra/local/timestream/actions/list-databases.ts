import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { Timestream } from '../timestream.ts'
import { page } from '../validation/fields.ts'
import { describeDatabaseRecord } from './descriptions.ts'
import { pageOf } from './paging.ts'

/** The databases by name, 20 a page. */
export const listDatabases = action(page, (engine: Timestream, wanted) => {
  const listed = pageOf(engine.databases(), wanted)
  if (isRefusal(listed)) return listed
  return { Databases: listed.page.map(describeDatabaseRecord), ...listed.token }
})
