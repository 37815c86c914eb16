import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { Aggregation } from '../../../infra/aws/aggregation.ts'
import { pipeline } from '../../../infra/config.ts'
import { mappingSettings } from '../../../infra/local/lambda/mapping-settings.ts'
import { beside } from './stage-parts.ts'
import { allowed, only, templateOf } from './template-of.ts'

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
