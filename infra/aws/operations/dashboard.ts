import { Duration } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  SearchExpression,
  type YAxisProps,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { PipelineMetrics } from './metrics.ts'

const minute = Duration.minutes(1)

/** One page of graphs, in the order in which a vote passes through the pipeline, under the state of the alarms. */
export const addDashboard = (scope: Construct, metrics: PipelineMetrics, alarms: Alarm[]): void => {
  const { frontDoor, stream, mapping, aggregator, archive, closing } = metrics
  const { requests, refused, failed } = frontDoor
  const accepted = new MathExpression({
    expression: '(requests - FILL(refused, 0) - FILL(failed, 0)) / PERIOD(requests)',
    usingMetrics: { requests, refused, failed },
    label: 'Accepted (API Gateway, 2xx)',
    period: minute,
  })

  new Dashboard(scope, 'Dashboard', { defaultInterval: Duration.hours(3) }).addWidgets(
    new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 }),
    graph('Accepted, requests or records per second', perSecond, [
      accepted,
      rate('records', stream.records, 'Accepted (stream, records)'),
    ]),
    graph('Counted and rejected, votes per second', perSecond, [
      rate('counted', aggregator.counted, 'Counted'),
      rate('rejected', aggregator.rejected, 'Rejected'),
    ]),
    graph('Accepted → counted: p99 of the slowest batch', milliseconds, [
      named(aggregator.acceptedToCountedP99, 'p99'),
    ]),
    graph('Iterator age', milliseconds, [
      named(aggregator.iteratorAge, 'Last vote of a batch that is handed over'),
    ]),
    graph('Throttles, per minute', count, [
      named(frontDoor.throttled, 'Requests answered 429'),
      named(stream.throttled, 'Records that a shard refused'),
      named(aggregator.throttled, 'Invocations of the aggregator'),
    ]),
    graph('Records per second, by shard', perSecond, [byShard(stream.name)]),
    graph('Sink lag', { label: 'seconds', min: 0, showUnits: false }, [
      named(archive.votes, 'Votes not in the archive (Firehose)'),
      named(archive.windows, 'Windows not in the archive (Firehose)'),
      named(archive.oldestUnsent, 'Oldest window not sent'),
    ]),
    graph('Closing', { label: 'seconds', min: 0, showUnits: false }, [
      named(closing.seconds, 'Longest wait for a result'),
      named(closing.polls, 'Polls without a result'),
    ]),
    graph('Errors, per minute', count, [
      named(failed, 'API Gateway, 5xx'),
      named(aggregator.errors, 'Aggregator'),
      named(archive.errors, 'Exporter'),
      named(closing.errors, 'Closer'),
      named(mapping.putAside, 'Votes put aside'),
      named(mapping.dropped, 'Votes dropped'),
    ]),
  )
}

const perSecond: YAxisProps = { label: 'per second', min: 0, showUnits: false }
const milliseconds: YAxisProps = { label: 'ms', min: 0, showUnits: false }
const count: YAxisProps = { min: 0, showUnits: false }

const graph = (title: string, leftYAxis: YAxisProps, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, leftYAxis, width: 12, height: 6 })

const named = (metric: PipelineMetrics['aggregator']['errors'], label: string): IMetric =>
  metric.with({ label })

/** A minute's sum by the second. @param id which no other metric of the graph has */
const rate = (id: string, metric: IMetric, label: string): MathExpression =>
  new MathExpression({
    expression: `${id} / PERIOD(${id})`,
    usingMetrics: { [id]: metric },
    label,
    period: minute,
  })

/** A search, since shards come and go. The stream measures every shard (vote-stream.ts); [mem]: its dimensions' names. */
const byShard = (streamName: string): SearchExpression =>
  new SearchExpression({
    expression: `SEARCH('{AWS/Kinesis,ShardId,StreamName} MetricName="IncomingRecords" StreamName="${streamName}"', 'Sum', 60) / 60`,
    label: '',
    period: minute,
  })
