import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId, region } from '../../kinesis/stream.ts'
import type { DatabaseRecord, TableRecord } from '../catalogue.ts'

const arn = (resource: string): string => `arn:aws:timestream:${region}:${accountId}:database/${resource}`

/** A database in AWS's form; times are epoch seconds. */
export const describeDatabaseRecord = ({ name, created, tables }: DatabaseRecord) => ({
  Arn: arn(name),
  DatabaseName: name,
  TableCount: tables,
  CreationTime: created / 1000,
  LastUpdatedTime: created / 1000,
})

/** A table in AWS's form; times are epoch seconds. */
export const describeTableRecord = (table: TableRecord) => ({
  Arn: arn(`${table.database}/table/${table.name}`),
  TableName: table.name,
  DatabaseName: table.database,
  TableStatus: 'ACTIVE',
  RetentionProperties: {
    MemoryStoreRetentionPeriodInHours: table.memoryHours,
    MagneticStoreRetentionPeriodInDays: table.magneticDays,
  },
  CreationTime: table.created / 1000,
  LastUpdatedTime: table.created / 1000,
  MagneticStoreWriteProperties: { EnableMagneticStoreWrites: false },
})

export const databaseNotFound = (name: string): Refusal =>
  refusal('ResourceNotFoundException', `The database ${name} does not exist.`)

export const tableNotFound = (name: string): Refusal =>
  refusal('ResourceNotFoundException', `The table ${name} does not exist.`)
