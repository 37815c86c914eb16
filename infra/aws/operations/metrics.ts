import { Duration } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { metricNames } from '../../../aggregators/metric-names.ts'
import { dataFreshness } from '../audit/archive-delivery.ts'
import type { OperationsParts } from '../operations.ts'
import { namespaceOf } from './namespace.ts'
import { throttledRequests } from './throttled-requests.ts'

/** A minute is the shortest that AWS's own metrics have. */
const minute = Duration.minutes(1)
const sum = { statistic: Stats.SUM, period: minute }
const maximum = { statistic: Stats.MAXIMUM, period: minute }

export type PipelineMetrics = ReturnType<typeof pipelineMetrics>

/**
 * What there is to be seen of the pipeline, in the order in which a vote passes through it; sums and maxima of a minute.
 *
 * Names in AWS's namespaces are the CDK's or stand in AWS's developer guides; those marked [mem] are from memory.
 */
export const pipelineMetrics = (
  scope: Construct,
  { frontDoor, votes, audit, mappingId, functions }: OperationsParts,
) => {
  const { stage } = frontDoor
  const { stream } = votes
  const { aggregator, exporter, closer, scaler } = functions
  const errors = (handler: LambdaFunction) => handler.metricErrors(sum)
  /** Lambda developer guide, "Event source mapping metrics"; the dimension stands there as "event source mapping UUID". */
  const mapping = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { EventSourceMappingUUID: mappingId },
      statistic,
      period: minute,
    })
  /** `service` is the dimension that Powertools puts the handler's service into. */
  const own = (service: keyof typeof metricNames, metricName: string, statistic: string) =>
    new Metric({
      namespace: namespaceOf(scope),
      metricName,
      dimensionsMap: { service },
      statistic,
      period: minute,
    })

  return {
    frontDoor: {
      // Its sample count is the number of requests, by its documentation.
      requests: stage.metricCount({ statistic: Stats.SAMPLE_COUNT, period: minute }),
      refused: stage.metricClientError(sum),
      failed: stage.metricServerError(sum),
      throttled: throttledRequests(scope, frontDoor).with(sum),
    },
    stream: {
      name: stream.streamName,
      records: stream.metricIncomingRecords(sum),
      throttled: stream.metricWriteProvisionedThroughputExceeded(sum),
    },
    mapping: {
      /** How often Lambda looked into the stream: an empty look counts as 0 events, and as a sample. */
      polls: mapping('PolledEventCount', Stats.SAMPLE_COUNT),
      putAside: mapping('OnFailureDestinationDeliveredEventCount', Stats.SUM),
      dropped: mapping('DroppedEventCount', Stats.SUM),
      notPutAside: aggregator.metric('DestinationDeliveryFailures', sum),
    },
    aggregator: {
      iteratorAge: aggregator.metric('IteratorAge', maximum),
      errors: errors(aggregator),
      throttled: aggregator.metricThrottles(sum),
      counted: own('aggregate', metricNames.aggregate.counted, Stats.SUM),
      rejected: own('aggregate', metricNames.aggregate.rejected, Stats.SUM),
      acceptedToCountedP99: own('aggregate', metricNames.aggregate.acceptedToCountedP99, Stats.MAXIMUM),
    },
    archive: {
      votes: dataFreshness(audit.rawVotes),
      // The CDK's; without it nobody would hear of a Firehose that may not read the stream.
      votesBehind: audit.rawVotes.metric('KinesisMillisBehindLatest', maximum),
      windows: dataFreshness(audit.windows),
      oldestUnsent: own('export', metricNames.export.oldestUnsent, Stats.MAXIMUM),
      errors: errors(exporter),
    },
    closing: {
      polls: own('close', metricNames.close.pollsClosing, Stats.MAXIMUM),
      seconds: own('close', metricNames.close.closing, Stats.MAXIMUM),
      errors: errors(closer),
    },
    scaler: scaler === undefined ? undefined : { errors: errors(scaler) },
  }
}
