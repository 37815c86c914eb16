/** Writes one record as a handler would: the client has no settings but those of the environment. */
import { TimestreamWriteClient, WriteRecordsCommand } from '@aws-sdk/client-timestream-write'

const record = {
  MeasureName: 'votes',
  MeasureValueType: 'BIGINT',
  MeasureValue: '1',
  Time: process.argv[2],
} as const
const write = new WriteRecordsCommand({ DatabaseName: 'd', TableName: 't', Records: [record] })
await new TimestreamWriteClient().send(write)
