import { describe, expect, it } from 'vitest'
import { dataFreshness } from '../../../../infra/aws/audit/archive-delivery.ts'
import { recountSql } from '../../../../infra/aws/audit/recount-query.ts'
import type { Settings } from '../../../../infra/aws/settings.ts'
import { allowed, only, type Resource, templateOf } from '../template-of.ts'
import { auditIn } from './audit-stack.ts'

const audit = (settings: Partial<Settings> = {}) =>
  templateOf((stack) => {
    auditIn(stack, settings)
  })

const template = audit()

/** The resource of that type whose logical id, CDK's hash apart, is this one. */
const named = (type: string, id: string, of = template): Resource => {
  const found = Object.entries(of.findResources(type)).find(([name]) => name.slice(0, -8) === id)
  if (found === undefined) throw new Error(`no ${type} ${id}`)
  return found[1]
}

const bucket = (id: string, of = template) => named('AWS::S3::Bucket', id, of)
const delivery = (id: string) => named('AWS::KinesisFirehose::DeliveryStream', id).Properties
const destination = (id: string) => delivery(id).ExtendedS3DestinationConfiguration
const buckets = ['AuditArchive', 'AuditFailures', 'AuditResults', 'AuditAccessLogs']

describe.each(buckets)('the bucket %s', (id) => {
  it('is private, encrypted and without a name of its own', () => {
    const { Properties } = bucket(id)
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    const [{ ServerSideEncryptionByDefault }] = Properties.BucketEncryption.ServerSideEncryptionConfiguration
    expect(ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' })
    expect(Properties).not.toHaveProperty('BucketName')
  })

  it('answers over TLS only', () => {
    const { Statement } = named('AWS::S3::BucketPolicy', `${id}Policy`).Properties.PolicyDocument
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
  })

  it('gives up uploads that were never completed', () => {
    expect(bucket(id).Properties.LifecycleConfiguration.Rules).toContainEqual({
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      Status: 'Enabled',
    })
  })

  it('outlives its stack, unless it was told otherwise', () => {
    expect(bucket(id)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    expect(bucket(id, audit({ removeVotes: true })).DeletionPolicy).toBe('Delete')
  })
})

describe('the archive bucket', () => {
  it('goes to a cheaper class after 90 days, and nothing in it expires', () => {
    const { Rules } = bucket('AuditArchive').Properties.LifecycleConfiguration
    const transition = { StorageClass: 'GLACIER_IR', TransitionInDays: 90 }
    expect(Rules).toContainEqual({ Status: 'Enabled', Transitions: [transition] })
    expect(JSON.stringify(Rules)).not.toContain('Expiration')
  })

  it('logs who reads it, and so do the other two', () => {
    const target = { DestinationBucketName: { Ref: expect.stringContaining('AccessLogs') } }
    for (const [id, prefix] of [
      ['AuditArchive', 'archive/'],
      ['AuditFailures', 'failures/'],
      ['AuditResults', 'results/'],
    ] as const)
      expect(bucket(id).Properties.LoggingConfiguration).toEqual({ ...target, LogFilePrefix: prefix })
    const { Statement } = named('AWS::S3::BucketPolicy', 'AuditAccessLogsPolicy').Properties.PolicyDocument
    const writers = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')
    expect(writers).toHaveLength(3)
    for (const { Action, Principal } of writers)
      expect({ Action, Principal }).toEqual({
        Action: 's3:PutObject',
        Principal: { Service: 'logging.s3.amazonaws.com' },
      })
  })

  it('has no lock and no versions by default', () => {
    expect(bucket('AuditArchive').Properties).not.toHaveProperty('ObjectLockEnabled')
    expect(bucket('AuditArchive').Properties).not.toHaveProperty('VersioningConfiguration')
  })

  it('is locked, it alone, for the days that the settings say', () => {
    const locked = audit({ objectLockDays: 400, removeVotes: true })
    expect(bucket('AuditArchive', locked).Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
      VersioningConfiguration: { Status: 'Enabled' },
    })
    for (const other of buckets.slice(1))
      expect(bucket(other, locked).Properties).not.toHaveProperty('ObjectLockEnabled')
  })

  it('is emptied only with a stack that may remove votes, and never where it is locked', () => {
    const emptied = (settings: Partial<Settings>) =>
      Object.keys(audit(settings).findResources('Custom::S3AutoDeleteObjects')).length
    expect(emptied({})).toBe(0)
    expect(emptied({ removeVotes: true })).toBe(buckets.length)
    expect(emptied({ removeVotes: true, objectLockDays: 1 })).toBe(0)
  })
})

it('what Lambda gave up is kept for good', () => {
  expect(JSON.stringify(bucket('AuditFailures').Properties.LifecycleConfiguration)).not.toContain(
    'Expiration',
  )
})

describe('the delivery of raw votes', () => {
  it('reads the stream of votes', () => {
    expect(delivery('AuditRawVotes')).toMatchObject({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: { 'Fn::GetAtt': [expect.stringContaining('VotesStream'), 'Arn'] },
      },
    })
    expect(delivery('AuditRawVotes')).not.toHaveProperty('DeliveryStreamName')
  })

  it('writes gzip below votes/ and the hour, and what failed elsewhere', () => {
    expect(destination('AuditRawVotes')).toMatchObject({
      Prefix: 'votes/!{timestamp:yyyy/MM/dd/HH/}',
      ErrorOutputPrefix: 'errors/votes/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}',
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 128 },
    })
  })

  it('has the archiver make lines of 1 MiB of records at a time, so that an answer fits into 6 MB', () => {
    const [processor, ...others] = destination('AuditRawVotes').ProcessingConfiguration.Processors
    expect(others).toEqual([])
    expect(processor.Type).toBe('Lambda')
    const parameters = Object.fromEntries(
      processor.Parameters.map(
        ({ ParameterName, ParameterValue }: { ParameterName: string; ParameterValue: unknown }) => [
          ParameterName,
          ParameterValue,
        ],
      ),
    )
    expect(parameters).toMatchObject({
      LambdaArn: { 'Fn::GetAtt': [expect.stringContaining('Archiver'), 'Arn'] },
      BufferSizeInMBs: '1',
      BufferIntervalInSeconds: '60',
      NumberOfRetries: '3',
    })
    expect(only(template, 'AWS::Lambda::Function').Properties.Timeout).toBe(60)
  })

  it('is made once its role may do what it does', () => {
    expect(named('AWS::KinesisFirehose::DeliveryStream', 'AuditRawVotes').DependsOn).toContainEqual(
      expect.stringContaining('AuditRawVotesRoleDefaultPolicy'),
    )
  })
})

describe('the delivery of windows', () => {
  it('takes direct puts, encrypted', () => {
    expect(delivery('AuditWindows')).toMatchObject({
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    })
  })

  it('writes gzip below windows/ and the hour, unchanged', () => {
    expect(destination('AuditWindows')).toMatchObject({
      Prefix: 'windows/!{timestamp:yyyy/MM/dd/HH/}',
      ErrorOutputPrefix: 'errors/windows/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}',
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
    })
    // Every line brings its own line break; another would be an empty line.
    expect(destination('AuditWindows')).not.toHaveProperty('ProcessingConfiguration')
  })
})

it.each(['AuditRawVotes', 'AuditWindows'])('%s logs its errors', (id) => {
  expect(destination(id).CloudWatchLoggingOptions).toEqual({
    Enabled: true,
    LogGroupName: { Ref: expect.stringContaining(`${id}Errors`) },
    LogStreamName: { Ref: expect.stringContaining(`${id}ErrorStream`) },
  })
})

describe('what Firehose may do', () => {
  const all = allowed(template)
  const actions = (prefix: string) =>
    [...new Set(all.flatMap((one) => one.actions))].filter((action) => action.startsWith(prefix)).sort()

  it('is to read this one stream', () => {
    expect(actions('kinesis:')).toEqual([
      'kinesis:DescribeStream',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ])
    const reading = all.filter((one) => one.actions.includes('kinesis:GetRecords'))
    expect(reading.map(({ resource }) => JSON.parse(resource))).toEqual([
      { 'Fn::GetAtt': [expect.stringContaining('VotesStream'), 'Arn'] },
    ])
  })

  it('is to write objects below its own prefixes, and to delete none', () => {
    const writing = all.filter((one) => one.actions.includes('s3:PutObject'))
    const places = writing.map(({ resource }) => resource.match(/\/[a-z/]+\*/g))
    expect(places).toEqual([
      ['/votes/*', '/errors/votes/*'],
      ['/windows/*', '/errors/windows/*'],
    ])
    expect(actions('s3:')).toEqual([
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ])
  })

  it('is to invoke the archiver, and no other function', () => {
    const invoking = all.filter((one) => one.actions.includes('lambda:InvokeFunction'))
    expect(invoking).toHaveLength(1)
    expect(invoking[0]?.resource).toMatch(/AuditArchiver.*\$LATEST/)
    expect(invoking[0]?.resource).not.toContain('*')
  })

  it('holds no action with a wildcard', () => {
    expect(all.filter((one) => one.actions.some((action) => action.includes('*')))).toEqual([])
  })
})

describe('the tables', () => {
  const table = (id: string) => named('AWS::Glue::Table', id).Properties
  const columns = (id: string) =>
    Object.fromEntries(
      table(id).TableInput.StorageDescriptor.Columns.map(({ Name, Type }: { Name: string; Type: string }) => [
        Name,
        Type,
      ]),
    )

  it('are in a database named after the stack, which is unique', () => {
    const other = audit({ stack: 'placar-two' })
    expect(only(other, 'AWS::Glue::Database').Properties.DatabaseInput.Name).toBe('placar_two_audit')
    for (const { Properties } of Object.values(other.findResources('AWS::Glue::Table')))
      expect(Properties.DatabaseName).toBe('placar_two_audit')
  })

  it('have the columns of docs/audit-format.md', () => {
    expect(columns('AuditTablesVotes')).toEqual({
      v: 'int',
      kind: 'string',
      shardid: 'string',
      sequencenumber: 'string',
      arrival: 'bigint',
      partitionkey: 'string',
      data: 'string',
      base64: 'string',
    })
    expect(Object.keys(columns('AuditTablesWindows'))).toEqual(
      'v kind shardid part previous hash bytes poll result heads'.split(' '),
    )
  })

  it.each([
    ['AuditTablesVotes', 'votes'],
    ['AuditTablesWindows', 'windows'],
  ])('%s finds its hours by itself, below %s/', (id, name) => {
    const { Name, TableType, PartitionKeys, Parameters, StorageDescriptor } = table(id).TableInput
    expect({ Name, TableType }).toEqual({ Name: name, TableType: 'EXTERNAL_TABLE' })
    expect(PartitionKeys).toMatchObject([{ Name: 'hour', Type: 'string' }])
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.hour.type': 'date',
      'projection.hour.format': 'yyyy/MM/dd/HH',
      'projection.hour.range': '2026/01/01/00,NOW',
      'projection.hour.interval': '1',
      'projection.hour.interval.unit': 'HOURS',
      'storage.location.template': {
        'Fn::Join': ['', ['s3://', { Ref: expect.stringContaining('AuditArchive') }, `/${name}/\${hour}/`]],
      },
    })
    expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toBe('org.apache.hive.hcatalog.data.JsonSerDe')
  })
})

describe('the saved recount', () => {
  it('is the text that the tests run, in the database of the archive', () => {
    expect(only(template, 'AWS::Athena::NamedQuery').Properties).toMatchObject({
      Database: 'placar_audit',
      WorkGroup: 'placar-audit',
      QueryString: recountSql(),
    })
    // Its parameters, and one statement.
    expect(recountSql().match(/[?;]/g)).toEqual(['?', '?', '?'])
    // Athena's limit of a query's length (its service quotas).
    expect(Buffer.byteLength(recountSql())).toBeLessThan(262_144)
  })

  it('has a workgroup of its own, with results that are encrypted and expire', () => {
    const { Name, WorkGroupConfiguration } = only(template, 'AWS::Athena::WorkGroup').Properties
    expect(Name).toBe('placar-audit')
    expect(WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: {
        EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
        OutputLocation: {
          'Fn::Join': ['', ['s3://', { Ref: expect.stringContaining('AuditResults') }, '/recounts/']],
        },
      },
    })
    expect(bucket('AuditResults').Properties.LifecycleConfiguration.Rules).toContainEqual({
      ExpirationInDays: 30,
      Status: 'Enabled',
    })
  })
})

it('the freshness of a delivery is the age of its oldest line that waits', () => {
  templateOf((stack) => {
    expect(dataFreshness(auditIn(stack).rawVotes).toMetricConfig().metricStat).toMatchObject({
      namespace: 'AWS/Firehose',
      metricName: 'DeliveryToS3.DataFreshness',
      statistic: 'Maximum',
    })
  })
})
