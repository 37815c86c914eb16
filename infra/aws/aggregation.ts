import { Duration } from 'aws-cdk-lib'
import { Grant } from 'aws-cdk-lib/aws-iam'
import {
  type IEventSourceDlq,
  type Function as LambdaFunction,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { retentionHoursVariable } from '../../aggregators/variables.ts'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { pipeline } from '../config.ts'
import type { CountStore } from './count-store.ts'
import { handlerFunction } from './handler-function.ts'
import { retentionDays, type VoteStream } from './vote-stream.ts'
import { acknowledgeWildcard } from './wildcard.ts'

/** Where Lambda puts what it gave up (its developer guide, "Retain discarded batch records"). */
const failedPrefix = 'aws/lambda/'

export type AggregationParts = {
  votes: VoteStream
  counts: CountStore
  /** Where Lambda puts what outlived the stream's retention uncounted. */
  failures: Bucket
}

/** The aggregator and the mapping that hands it the stream, shard by shard and window by window. */
export class Aggregation extends Construct {
  readonly aggregator: LambdaFunction
  readonly mappingId: string

  constructor(scope: Construct, id: string, { votes, counts, failures }: AggregationParts) {
    super(scope, id)
    const { batchSize, tumblingWindowSeconds, timeoutSeconds } = pipeline.aggregator
    const aggregator = handlerFunction(this, 'Aggregator', {
      entry: 'aggregators/aggregate.lambda.ts',
      description: 'Pre-sums a batch of votes and counts it exactly once.',
      timeoutSeconds,
      memoryMb: 1024,
      noDeadLetters:
        'Invoked by its event source mapping, which repeats what failed and has a destination of its own.',
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [retentionHoursVariable]: String(retentionDays * 24),
      },
    })
    counts.allow(aggregator, ['GetItem', 'Query', 'PutItem', 'UpdateItem'])
    const source = new KinesisEventSource(votes.stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      // Lambda polls a shard once a second by itself; waiting for more would only add to that.
      maxBatchingWindow: Duration.seconds(0),
      tumblingWindow: Duration.seconds(tumblingWindowSeconds),
      // More than one is not allowed beside a tumbling window, and the CDK does not check it.
      parallelizationFactor: 1,
      // Without limits, which is the default of both: nothing leaves a shard but by being counted.
      bisectBatchOnError: false,
      reportBatchItemFailures: false,
      onFailure: objectsIn(failures),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    })
    aggregator.addEventSource(source)
    this.mappingId = source.eventSourceMappingId
    this.aggregator = aggregator
  }
}

/**
 * A bucket as the mapping's on-failure destination. Lambda puts objects and lists them (its developer guide); CDK's own
 * `S3OnFailureDestination` would let the function read and delete them too.
 */
const objectsIn = (bucket: Bucket): IEventSourceDlq => ({
  bind: (_mapping, handler) => {
    Grant.addToPrincipal({
      grantee: handler,
      actions: ['s3:PutObject'],
      resourceArns: [bucket.arnForObjects(`${failedPrefix}*`)],
    })
    Grant.addToPrincipal({ grantee: handler, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] })
    acknowledgeWildcard(
      handler.role ?? handler,
      bucket,
      `/${failedPrefix}*`,
      'Lambda names the objects that it puts there.',
    )
    return { destination: bucket.bucketArn }
  },
})
