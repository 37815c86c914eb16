import type { Stack } from 'aws-cdk-lib'
import type { Template } from 'aws-cdk-lib/assertions'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { exportVariables } from '../../../aggregators/variables.ts'
import { Aggregation } from '../../../infra/aws/aggregation.ts'
import { Audit } from '../../../infra/aws/audit.ts'
import { CountStore } from '../../../infra/aws/count-store.ts'
import { Exporting } from '../../../infra/aws/exporting.ts'
import { PollCloser } from '../../../infra/aws/poll-closer.ts'
import { Scoreboard } from '../../../infra/aws/scoreboard.ts'
import { checkedSettings, defaults, type Settings } from '../../../infra/aws/settings.ts'
import { ShowTimes } from '../../../infra/aws/show-times.ts'
import { TimeSeries } from '../../../infra/aws/time-series.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'
import { pipeline } from '../../../infra/config.ts'
import { countTable } from '../../../infra/count-table.ts'
import { mappingSettings } from '../../../infra/local/lambda/mapping-settings.ts'
import { unsentIndex, unwrittenIndex } from '../../../ingest/count-table.ts'
import { allowed, only, templateOf } from './template-of.ts'

const settingsOf = (changes: Partial<Settings> = {}): Settings => checkedSettings({ ...defaults, ...changes })

const streamOf = (changes: Partial<Settings> = {}) =>
  templateOf((stack) => new VoteStream(stack, 'Votes', settingsOf(changes)))

describe('the stream', () => {
  const stream = (changes: Partial<Settings> = {}) => only(streamOf(changes), 'AWS::Kinesis::Stream')

  it('is provisioned with the shards that were asked for', () => {
    const { Properties } = stream({ shards: 32 })
    expect(Properties).toMatchObject({ ShardCount: 32, StreamModeDetails: { StreamMode: 'PROVISIONED' } })
    expect(Properties).not.toHaveProperty('RecordDistributionStrategy')
  })

  it('on demand has no shard count, and goes by the partition keys that it is given', () => {
    const { Properties } = stream({ streamMode: 'on-demand' })
    expect(Properties).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RecordDistributionStrategy: 'USER_PARTITION_KEY',
    })
    expect(Properties).not.toHaveProperty('ShardCount')
  })

  it.each(['provisioned', 'on-demand'] as const)(
    '%s keeps records for seven days, encrypted, measured by shard',
    (streamMode) => {
      const { Properties } = stream({ streamMode })
      expect(Properties.RetentionPeriodHours).toBe(168)
      expect(Properties.StreamEncryption).toEqual({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' })
      expect(Properties.DesiredShardLevelMetrics).toEqual(['ALL'])
      expect(Properties).not.toHaveProperty('Name')
    },
  )

  it('outlives its stack, unless it was told otherwise', () => {
    expect(stream().DeletionPolicy).toBe('Retain')
    expect(stream({ removeVotes: true }).DeletionPolicy).toBe('Delete')
  })
})

describe('the count store', () => {
  const table = (changes: Partial<Settings> = {}) =>
    only(
      templateOf((stack) => new CountStore(stack, 'Counts', settingsOf(changes))),
      'AWS::DynamoDB::Table',
    )

  it('has the keys and indexes that the laptop has', () => {
    const { Properties } = table()
    const keys = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName)
    expect(keys(Properties.KeySchema)).toEqual(['PK', 'SK'])
    const indexes = Properties.GlobalSecondaryIndexes.map(
      (index: { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: object }) => [
        index.IndexName,
        ...keys(index.KeySchema),
        index.Projection,
      ],
    )
    expect(indexes).toEqual(
      Object.entries(countTable.indexes).map(([name, key]) => [
        name,
        key.partitionKey,
        key.sortKey,
        { ProjectionType: 'ALL' },
      ]),
    )
    const types = Properties.AttributeDefinitions.map(
      ({ AttributeName, AttributeType }: { AttributeName: string; AttributeType: string }) => [
        AttributeName,
        AttributeType,
      ],
    )
    expect(Object.fromEntries(types)).toEqual(countTable.types)
  })

  it('is on demand, with recovery to a point in time and items that expire', () => {
    expect(table().Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    })
  })

  it('is protected and outlives its stack, unless it was told otherwise', () => {
    expect(table()).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    })
    expect(table({ removeVotes: true })).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    })
  })
})

/** The stream and the table that a stage stands beside. */
const beside = (stack: Stack) => ({
  votes: new VoteStream(stack, 'Votes', settingsOf()),
  counts: new CountStore(stack, 'Counts', settingsOf()),
})

describe('aggregation', () => {
  const template = templateOf((stack) => {
    new Aggregation(stack, 'Aggregation', { ...beside(stack), failures: new Bucket(stack, 'Failures') })
  })
  const mapping = only(template, 'AWS::Lambda::EventSourceMapping').Properties

  it('runs on Node 24, arm64, traced, with source maps', () => {
    expect(only(template, 'AWS::Lambda::Function').Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Timeout: pipeline.aggregator.timeoutSeconds,
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps', PLACAR_RETENTION_HOURS: '168' } },
    })
  })

  it('is handed the stream by the settings that the laptop runs with', () => {
    const local = mappingSettings({
      BatchSize: pipeline.aggregator.batchSize,
      TumblingWindowInSeconds: pipeline.aggregator.tumblingWindowSeconds,
    })
    const { MaximumRetryAttempts = -1, MaximumRecordAgeInSeconds = -1, FunctionResponseTypes = [] } = mapping
    expect({
      ...mapping,
      MaximumRetryAttempts,
      MaximumRecordAgeInSeconds,
      FunctionResponseTypes,
    }).toMatchObject(local)
  })

  it('starts at the oldest record, one batch of a shard at a time, and gives nothing up', () => {
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 0,
      TumblingWindowInSeconds: 5,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: false,
      MetricsConfig: { Metrics: ['EventCount'] },
    })
    for (const limit of [
      'MaximumRetryAttempts',
      'MaximumRecordAgeInSeconds',
      'FunctionResponseTypes',
      'FilterCriteria',
    ])
      expect(mapping).not.toHaveProperty(limit)
    expect(JSON.stringify(mapping.DestinationConfig.OnFailure.Destination)).toContain('Failures')
  })

  it('may write to its table, read its stream, and put failures away: nothing else', () => {
    const actions = allowed(template).flatMap(({ actions }) => actions)
    expect(actions.filter((action) => action.startsWith('dynamodb:')).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ])
    expect(actions.filter((action) => action.startsWith('kinesis:Put'))).toEqual([])
    expect(actions.filter((action) => action === '*' || action.endsWith(':*'))).toEqual([])
  })
})

describe('the poll closer', () => {
  const template = templateOf((stack) => {
    new PollCloser(stack, 'PollCloser', beside(stack))
  })

  it('comes round once a minute, looks two minutes ahead, and has a minute more for what it closes', () => {
    const { ScheduleExpression, Target } = only(template, 'AWS::Scheduler::Schedule').Properties
    expect(ScheduleExpression).toBe('rate(1 minute)')
    expect(JSON.parse(Target.Input)).toEqual({ aheadMs: 120_000 })
    expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 0 })
    expect(only(template, 'AWS::Lambda::Function').Properties.Timeout).toBe(180)
  })

  it('may put markers into the stream, and read and close polls in the table', () => {
    const actions = allowed(template).flatMap(({ actions }) => actions)
    expect(actions).toEqual(expect.arrayContaining(['kinesis:PutRecords', 'dynamodb:UpdateItem']))
    expect(actions).not.toContain('dynamodb:DeleteItem')
  })
})

describe('the exporter', () => {
  const exporting = (changes: Partial<Settings> = {}) =>
    templateOf((stack) => {
      const { votes, counts } = beside(stack)
      const settings = settingsOf(changes)
      const audit = new Audit(stack, 'Audit', { settings, votes })
      const timeSeries = settings.timeSeries ? new TimeSeries(stack, 'TimeSeries', settings) : undefined
      new Exporting(stack, 'Exporting', { counts, audit, timeSeries })
    })
  const environment = (template: Template) =>
    Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) =>
      id.startsWith('Exporting'),
    )?.[1].Properties.Environment.Variables
  const template = exporting()

  it('comes round once a minute', () => {
    expect(only(template, 'AWS::Scheduler::Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^ExportingExporter/), 'Arn'] } },
    })
  })

  it('may read what is unsent, mark it, and put windows into their Firehose', () => {
    const rights = allowed(template)
    const put = rights.find(({ actions }) => actions.includes('firehose:PutRecordBatch'))
    expect(put).toEqual({
      actions: ['firehose:PutRecordBatch'],
      resource: expect.stringMatching(/^\{"Fn::GetAtt":\["AuditWindows/),
    })
    const indexes = rights.find(({ resource }) => resource.includes('/index/'))
    expect(indexes?.actions).toEqual(['dynamodb:Query'])
    for (const index of [unsentIndex, unwrittenIndex]) expect(indexes?.resource).toContain(`/index/${index}"`)
  })

  it('writes a time series where there is one, and nowhere otherwise', () => {
    const writes = (of: Template) =>
      allowed(of).flatMap(({ actions }) => actions.filter((action) => action.startsWith('timestream:')))
    expect([environment(template), writes(template)]).toEqual([
      expect.not.objectContaining({ [exportVariables.timeSeriesDatabase]: expect.anything() }),
      [],
    ])
    const both = exporting({ timeSeries: true })
    expect([environment(both), writes(both)]).toEqual([
      expect.objectContaining({
        [exportVariables.timeSeriesDatabase]: { Ref: expect.stringContaining('Database') },
        [exportVariables.timeSeriesTable]: { 'Fn::GetAtt': [expect.stringContaining('Table'), 'Name'] },
      }),
      ['timestream:WriteRecords', 'timestream:DescribeEndpoints'],
    ])
  })
})

describe('what runs once a minute', () => {
  const template = templateOf((stack) => {
    new PollCloser(stack, 'PollCloser', beside(stack))
  })

  it('is repeated by nobody: the next run does what this one could not', () => {
    expect(
      only(template, 'AWS::Scheduler::Schedule').Properties.Target.RetryPolicy.MaximumRetryAttempts,
    ).toBe(0)
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      FunctionName: { Ref: Object.keys(template.findResources('AWS::Lambda::Function'))[0] },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    })
  })

  it('is run by a role that schedules of this account alone may take', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role'))
    const trusts = roles.flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement)
    expect(trusts).toContainEqual({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    })
  })
})

describe('the scoreboard', () => {
  const template = templateOf((stack) => {
    const parts = beside(stack)
    const { aggregator } = new Aggregation(stack, 'Aggregation', {
      ...parts,
      failures: new Bucket(stack, 'Failures'),
    })
    new Scoreboard(stack, 'Scoreboard', { ...parts, aggregator })
  })

  it('has a URL that only callers with a right to it may use', () => {
    expect(only(template, 'AWS::Lambda::Url').Properties).toMatchObject({ AuthType: 'AWS_IAM' })
  })

  it('is told the window of the mapping and the name of the aggregator', () => {
    const reader = Object.values(template.findResources('AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.Environment.Variables.PLACAR_AGGREGATOR !== undefined,
    )
    expect(reader?.Properties.Environment.Variables).toMatchObject({
      PLACAR_WINDOW_SECONDS: String(pipeline.aggregator.tumblingWindowSeconds),
      PLACAR_AGGREGATOR: { Ref: expect.stringContaining('Aggregator') },
    })
  })

  it('may not write', () => {
    const reader = allowed(template).filter(({ actions }) => actions.includes('dynamodb:BatchGetItem'))
    expect(reader.flatMap(({ actions }) => actions)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
    ])
  })
})

describe('the time series', () => {
  it('is a database and a table that outlive the stack', () => {
    const template = templateOf((stack) => new TimeSeries(stack, 'TimeSeries', settingsOf()))
    expect(only(template, 'AWS::Timestream::Table')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { RetentionProperties: { MemoryStoreRetentionPeriodInHours: '168' } },
    })
    expect(only(template, 'AWS::Timestream::Database').DeletionPolicy).toBe('Retain')
  })
})

describe('show times', () => {
  it('bring a function, once a minute, that may scale this stream and nothing else', () => {
    const showTimes = [{ at: '2026-12-24T20:00:00Z', shards: 64 }]
    const template = templateOf((stack) => {
      const votes = new VoteStream(stack, 'Votes', settingsOf())
      new ShowTimes(stack, 'ShowTimes', { settings: settingsOf({ showTimes }), votes })
    })
    expect(only(template, 'AWS::Scheduler::Schedule').Properties.ScheduleExpression).toBe('rate(1 minute)')
    const { Variables } = only(template, 'AWS::Lambda::Function').Properties.Environment
    expect(JSON.parse(Variables.PLACAR_SHOW_TIMES)).toEqual(showTimes)
    const scaling = allowed(template).find(({ actions }) => actions.includes('kinesis:UpdateShardCount'))
    expect(scaling?.actions).toEqual(['kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount'])
    expect(scaling?.resource).toMatch(/^\{"Fn::GetAtt":\["VotesStream/)
  })
})
