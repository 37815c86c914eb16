import { json } from '../../aws/json-encoding.ts'
import { type Action, rpcService } from '../../aws/rpc-service.ts'
import type { Service } from '../../aws/service.ts'
import type { Timestream } from '../timestream.ts'
import { createDatabase } from './create-database.ts'
import { createTable } from './create-table.ts'
import { describeDatabase } from './describe-database.ts'
import { describeEndpoints } from './describe-endpoints.ts'
import { describeTable } from './describe-table.ts'
import { listDatabases } from './list-databases.ts'
import { listTables } from './list-tables.ts'
import { writeRecords } from './write-records.ts'

const actions: ReadonlyMap<string, Action<Timestream>> = new Map([
  ['CreateDatabase', createDatabase],
  ['CreateTable', createTable],
  ['DescribeDatabase', describeDatabase],
  ['DescribeEndpoints', describeEndpoints],
  ['DescribeTable', describeTable],
  ['ListDatabases', listDatabases],
  ['ListTables', listTables],
  ['WriteRecords', writeRecords],
])

/** Timestream's Write API behind the endpoint, on the embedded engine. */
export const timestreamService = (engine: Timestream): Service =>
  rpcService({ prefix: 'Timestream_20181101', encodings: [json], context: engine, actions })
