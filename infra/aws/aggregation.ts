import { Duration } from 'aws-cdk-lib'
import { type IFunction, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { KinesisEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { retentionHoursVariable } from '../../aggregators/variables.ts'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { pipeline } from '../config.ts'
import type { CountStore } from './count-store.ts'
import { handlerFunction } from './handler-function.ts'
import { retentionDays, type VoteStream } from './vote-stream.ts'

export type AggregationParts = {
  votes: VoteStream
  counts: CountStore
  /** Where Lambda puts what outlived the stream's retention uncounted. */
  failures: IBucket
}

/** The aggregator and the mapping that hands it the stream, shard by shard and window by window. */
export class Aggregation extends Construct {
  readonly aggregator: IFunction

  constructor(scope: Construct, id: string, { votes, counts, failures }: AggregationParts) {
    super(scope, id)
    const { batchSize, tumblingWindowSeconds, timeoutSeconds } = pipeline.aggregator
    const aggregator = handlerFunction(this, 'Aggregator', {
      entry: 'aggregators/aggregate.lambda.ts',
      description: 'Pre-sums a batch of votes and counts it exactly once.',
      timeoutSeconds,
      memoryMb: 1024,
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [retentionHoursVariable]: String(retentionDays * 24),
      },
    })
    counts.table.grant(aggregator, ...aggregatorActions)
    aggregator.addEventSource(
      new KinesisEventSource(votes.stream, {
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
        onFailure: new S3OnFailureDestination(failures),
        metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      }),
    )
    this.aggregator = aggregator
  }
}

/** What the count store (aggregators/count.store.ts) asks of the table. */
const aggregatorActions = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
] as const
