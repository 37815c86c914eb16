import type { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { metricNames } from '../../../../aggregators/metric-names.ts'
import type { Settings } from '../../../../infra/aws/settings.ts'
import { only, type Resource, templateOf } from '../template-of.ts'
import { everything, operationsIn } from './operations-stack.ts'

const operations = (settings: Partial<Settings> = {}) => templateOf((stack) => operationsIn(stack, settings))

const plain = operations()
const whole = operations(everything)

/** An alarm by its construct's name; the metrics of a math expression as `Namespace/Name statistic`. */
const alarm = (name: string, template: Template = whole) => {
  const found = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).find(([id]) =>
    id.startsWith(`Operations${name}`),
  )
  if (found === undefined) throw new Error(`no alarm ${name}`)
  const { Properties } = found[1] as Resource
  const parts: MathPart[] = Properties.Metrics ?? []
  return {
    ...Properties,
    expression: parts.find(({ Expression }) => Expression !== undefined)?.Expression,
    of: parts.flatMap(({ MetricStat }) =>
      MetricStat ? [`${MetricStat.Metric.Namespace}/${MetricStat.Metric.MetricName} ${MetricStat.Stat}`] : [],
    ),
    seconds: Properties.Period ?? parts.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period,
  }
}
type MathPart = {
  Expression?: string
  MetricStat?: { Metric: { Namespace: string; MetricName: string }; Stat: string; Period: number }
}

/** The stack's functions by the construct's name. */
const environmentOf = (name: string) =>
  Object.entries(whole.findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith(name))?.[1]
    .Properties.Environment.Variables

describe('the alarm', () => {
  it('on counting sounds after three minutes of an iterator age over a minute', () => {
    expect(alarm('CountingIsBehind')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Statistic: 'Maximum',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringContaining('Aggregator') } }],
      seconds: 60,
      Threshold: 60_000,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    })
  })

  it('on the mapping sounds when it has not polled for five minutes, and so when it says nothing at all', () => {
    expect(alarm('StreamIsNotRead')).toMatchObject({
      expression: 'IF(samples > 0, 0, 1)',
      of: ['AWS/Lambda/PolledEventCount SampleCount'],
      seconds: 300,
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    })
  })

  it('on throttles adds requests answered 429 to records that shards refused', () => {
    expect(alarm('VotersAreThrottled')).toMatchObject({
      expression: 'SUM([FILL(requests, 0), FILL(records, 0)])',
      of: ['Placar/placar/ThrottledRequests Sum', 'AWS/Kinesis/WriteProvisionedThroughputExceeded Sum'],
      Threshold: 0,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    })
  })

  it('on votes put aside sounds at the first, whether the bucket took it or not', () => {
    expect(alarm('VotesWerePutAside')).toMatchObject({
      expression: 'SUM([FILL(putAside, 0), FILL(dropped, 0), FILL(failed, 0)])',
      of: [
        'AWS/Lambda/OnFailureDestinationDeliveredEventCount Sum',
        'AWS/Lambda/DroppedEventCount Sum',
        'AWS/Lambda/DestinationDeliveryFailures Sum',
      ],
      seconds: 60,
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    })
  })

  it('on the mapping and what it put aside asks for the mapping of the aggregator', () => {
    const [mapping] = Object.keys(whole.findResources('AWS::Lambda::EventSourceMapping'))
    for (const name of ['StreamIsNotRead', 'VotesWerePutAside'])
      expect(JSON.stringify(alarm(name))).toContain(
        `[{"Name":"EventSourceMappingUUID","Value":{"Ref":"${mapping}"}}]`,
      )
  })

  it('on the aggregator sounds when it failed in three of five minutes', () => {
    expect(alarm('AggregatorFails')).toMatchObject({
      MetricName: 'Errors',
      Statistic: 'Sum',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringContaining('Aggregator') } }],
      Threshold: 0,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    })
  })

  it('on unsent windows sounds when one is older than ten minutes, and when nothing is heard of them', () => {
    expect(alarm('WindowsAreNotSent')).toMatchObject({
      Namespace: 'Placar/placar',
      MetricName: metricNames.export.oldestUnsent,
      Dimensions: [{ Name: 'service', Value: 'export' }],
      Statistic: 'Maximum',
      Threshold: 600,
      TreatMissingData: 'breaching',
    })
  })

  it('on the archive sounds when either delivery, or the reading of the stream, is fifteen minutes late', () => {
    expect(alarm('ArchiveIsLate')).toMatchObject({
      expression: 'MAX([FILL(votes, 0), FILL(windows, 0), FILL(behind, 0) / 1000])',
      of: [
        'AWS/Firehose/DeliveryToS3.DataFreshness Maximum',
        'AWS/Firehose/DeliveryToS3.DataFreshness Maximum',
        'AWS/Firehose/KinesisMillisBehindLatest Maximum',
      ],
      Threshold: 900,
    })
  })

  it('on closing sounds when a poll waits for two minutes, and when nothing is heard of the closer', () => {
    expect(alarm('PollDoesNotBecomeFinal')).toMatchObject({
      Namespace: 'Placar/placar',
      MetricName: metricNames.close.closing,
      Dimensions: [{ Name: 'service', Value: 'close' }],
      Statistic: 'Maximum',
      Threshold: 120,
      TreatMissingData: 'breaching',
    })
  })

  it('on show times is there only where there are some', () => {
    expect(alarm('StreamDoesNotFollowItsShows')).toMatchObject({ MetricName: 'Errors', EvaluationPeriods: 5 })
    expect(() => alarm('StreamDoesNotFollowItsShows', plain)).toThrow('no alarm')
  })

  it('of every kind tells the topic when it begins and when it is over, and has no fixed name', () => {
    const topic = { Ref: Object.keys(whole.findResources('AWS::SNS::Topic'))[0] }
    for (const { Properties } of Object.values(whole.findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] })
      expect(Properties).not.toHaveProperty('AlarmName')
    }
  })
})

describe('the topic', () => {
  it('tells the address of the settings, where there is one', () => {
    expect(only(whole, 'AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'show@example.com',
    })
    plain.resourceCountIs('AWS::SNS::Topic', 1)
    plain.resourceCountIs('AWS::SNS::Subscription', 0)
  })

  it('takes messages over TLS only, of the alarms of this account', () => {
    const { Statement } = only(whole, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument
    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ])
  })

  it('is encrypted with a key that turns over and that alarms may use', () => {
    const [keyId = ''] = Object.keys(whole.findResources('AWS::KMS::Key'))
    expect(only(whole, 'AWS::SNS::Topic').Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] })
    const { EnableKeyRotation, KeyPolicy } = only(whole, 'AWS::KMS::Key').Properties
    expect(EnableKeyRotation).toBe(true)
    expect(KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    })
  })
})

describe('the budget', () => {
  it('is the month’s costs of what carries the stack’s tag', () => {
    expect(only(whole, 'AWS::Budgets::Budget').Properties.Budget).toEqual({
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 250, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:placar$placar'] },
    })
  })

  it('goes by the tag of its own stack', () => {
    const { Budget } = only(operations({ ...everything, stack: 'final' }), 'AWS::Budgets::Budget').Properties
    expect(Budget.CostFilters).toEqual({ TagKeyValue: ['user:placar$final'] })
  })

  it('tells when it is passed, and when it is about to be', () => {
    const { NotificationsWithSubscribers } = only(whole, 'AWS::Budgets::Budget').Properties
    for (const NotificationType of ['ACTUAL', 'FORECASTED'])
      expect(NotificationsWithSubscribers).toContainEqual({
        Notification: {
          NotificationType,
          ComparisonOperator: 'GREATER_THAN',
          Threshold: 100,
          ThresholdType: 'PERCENTAGE',
        },
        Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'show@example.com' }],
      })
  })

  it('is not there unless somebody set one', () => {
    plain.resourceCountIs('AWS::Budgets::Budget', 0)
  })
})

describe('metrics of our own', () => {
  it.each(['AggregationAggregator', 'ExportingExporter', 'PollCloser'])(
    'go under the stack’s name, of %s too',
    (name) => {
      expect(environmentOf(name)).toMatchObject({ POWERTOOLS_METRICS_NAMESPACE: 'Placar/placar' })
    },
  )

  it('count as throttled what was answered 429, the firewall’s doing apart', () => {
    expect(only(whole, 'AWS::Logs::MetricFilter').Properties).toMatchObject({
      LogGroupName: { Ref: expect.stringContaining('FrontDoorAccessLog') },
      FilterPattern: '{ ($.status = "429") && ($.error != "WAF_FILTERED") }',
      MetricTransformations: [
        {
          MetricNamespace: 'Placar/placar',
          MetricName: 'ThrottledRequests',
          MetricValue: '1',
          DefaultValue: 0,
        },
      ],
    })
  })
})

describe('the dashboard', () => {
  const { Properties } = only(whole, 'AWS::CloudWatch::Dashboard')
  const body = JSON.stringify(Properties.DashboardBody)

  it('has no fixed name', () => {
    expect(Properties).not.toHaveProperty('DashboardName')
  })

  it('shows every metric that the handlers publish', () => {
    for (const [service, names] of Object.entries(metricNames))
      for (const name of Object.values(names))
        expect(body).toContain(String.raw`\"Placar/placar\",\"${name}\",\"service\",\"${service}\"`)
  })

  it.each([
    'Count',
    '4XXError',
    '5XXError',
    'IncomingRecords',
    'IteratorAge',
    'ThrottledRequests',
    'WriteProvisionedThroughputExceeded',
    'DeliveryToS3.DataFreshness',
  ])('shows %s', (name) => {
    expect(body).toContain(String.raw`\",\"${name}\"`)
  })

  it('shows each shard that there is', () => {
    expect(body).toContain('SEARCH(')
    expect(body).toContain('{AWS/Kinesis,ShardId,StreamName}')
  })

  it('shows the state of every alarm', () => {
    for (const id of Object.keys(whole.findResources('AWS::CloudWatch::Alarm')))
      expect(body).toContain(`{"Fn::GetAtt":["${id}","Arn"]}`)
  })
})
