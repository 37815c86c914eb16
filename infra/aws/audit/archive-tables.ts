import { Stack } from 'aws-cdk-lib'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { pipeline } from '../../config.ts'

export type ArchiveTablesParts = {
  archive: Bucket
  /** Name of the stack, which is unique in its account and Region. */
  stack: string
}

type Columns = Readonly<Record<string, string>>

/** The lines of docs/audit-format.md. Glue's column names have no capitals, and its readers mind none. */
const recordColumns: Columns = {
  v: 'int',
  kind: 'string',
  shardid: 'string',
  sequencenumber: 'string',
  arrival: 'bigint',
  partitionkey: 'string',
  data: 'string',
  base64: 'string',
}

/** Options are maps, and no structs: Athena would make two columns of a struct's two fields. */
const pollStruct =
  'struct<id:string,title:string,options:array<map<string,string>>,createdat:bigint,opensat:bigint,closesat:bigint,' +
  'shards:array<string>,closedat:bigint,finalat:bigint>'
const resultStruct =
  'struct<counts:map<string,bigint>,rejected:map<string,bigint>,' +
  'shards:map<string,struct<counted:bigint,rejected:bigint>>,newestarrival:bigint,unproved:array<string>,' +
  'latency:struct<histogram:string,clamped:bigint>>'

/** Part lines and poll lines; the columns of the other kind are null. */
const windowColumns: Columns = {
  v: 'int',
  kind: 'string',
  shardid: 'string',
  part: 'bigint',
  previous: 'string',
  hash: 'string',
  bytes: 'string',
  poll: pollStruct,
  result: resultStruct,
  heads: 'map<string,struct<parts:bigint,head:string>>',
}

/** The archive as tables `votes` and `windows`, one row a line, by the UTC hour of delivery. */
export class ArchiveTables extends Construct {
  readonly databaseName: string

  constructor(scope: Construct, id: string, { archive, stack }: ArchiveTablesParts) {
    super(scope, id)
    const { account } = Stack.of(this)
    this.databaseName = `${stack.replaceAll('-', '_')}_audit`
    const database = new CfnDatabase(this, 'Database', {
      catalogId: account,
      databaseInput: { name: this.databaseName, description: `The archive of ${stack}` },
    })
    const table = (tableId: string, name: string, prefix: string, columns: Columns): void => {
      const made = new CfnTable(this, tableId, {
        catalogId: account,
        databaseName: this.databaseName,
        tableInput: tableInput(name, archive.s3UrlForObject(prefix), columns),
      })
      made.node.addDependency(database)
    }
    table('Votes', 'votes', pipeline.audit.votes.prefix, recordColumns)
    table('Windows', 'windows', pipeline.audit.windows.prefix, windowColumns)
  }
}

const tableInput = (name: string, location: string, columns: Columns): CfnTable.TableInputProperty => ({
  name,
  tableType: 'EXTERNAL_TABLE',
  partitionKeys: [{ name: 'hour', type: 'string', comment: 'UTC hour of delivery, YYYY/MM/DD/HH' }],
  parameters: {
    EXTERNAL: 'TRUE',
    classification: 'json',
    compressionType: 'gzip',
    // Athena works the partitions out by itself: none is ever added, and none forgotten.
    'projection.enabled': 'true',
    'projection.hour.type': 'date',
    'projection.hour.format': 'yyyy/MM/dd/HH',
    'projection.hour.range': '2026/01/01/00,NOW',
    'projection.hour.interval': '1',
    'projection.hour.interval.unit': 'HOURS',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of Athena's
    'storage.location.template': `${location}${'${hour}'}/`,
  },
  storageDescriptor: {
    location,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    compressed: true,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    // Of Athena's two readers of JSON, the other one's results can vary from run to run (its user guide, "OpenX JSON SerDe").
    serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
  },
})
