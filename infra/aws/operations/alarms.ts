import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { PipelineMetrics } from './metrics.ts'

/** One alarm: it sounds when `metric` is over `above` in `periods` of the last `of` periods (all of them without `of`). */
type AlarmRule = {
  /** The heading in docs/runbook.md. */
  heading: string
  /** What is the matter, in one sentence. */
  says: string
  metric: IMetric
  above: number
  periods: number
  of?: number
  /** Whether silence is a sign of trouble too. */
  silence?: 'alarms'
}

const fiveMinutes = Duration.minutes(5)

const alarmRules = (metrics: PipelineMetrics): Record<string, AlarmRule> => {
  const { frontDoor, stream, mapping, aggregator, archive, closing, scaler } = metrics
  return {
    CountingIsBehind: {
      heading: 'Counting is behind',
      says: 'Votes have waited for more than a minute to be counted.',
      metric: aggregator.iteratorAge,
      above: 60_000,
      periods: 3,
    },
    StreamIsNotRead: {
      heading: 'The stream is not read',
      says: 'Lambda has not looked into the stream for five minutes.',
      metric: silent(mapping.polls),
      above: 0,
      periods: 1,
      silence: 'alarms',
    },
    VotersAreThrottled: {
      heading: 'Voters are throttled',
      says: 'Votes are answered with 429, or shards take no more.',
      metric: added({ requests: frontDoor.throttled, records: stream.throttled }),
      above: 0,
      periods: 2,
      of: 3,
    },
    /**
     * From the mapping's own metrics: they count what it hands to the bucket, and what it fails to hand over, which no event of
     * the bucket's would tell. They need nothing beside the mapping, where events of S3 need a rule that counts.
     */
    VotesWerePutAside: {
      heading: 'Votes were put aside',
      says: 'Lambda has given votes up: it has put them into the failures bucket, or dropped them.',
      metric: added({
        putAside: mapping.putAside,
        dropped: mapping.dropped,
        failed: mapping.notPutAside,
      }),
      above: 0,
      periods: 1,
    },
    AggregatorFails: {
      heading: 'The aggregator fails',
      says: 'The aggregator has failed in three of five minutes; Lambda repeats what it fails at.',
      metric: aggregator.errors,
      above: 0,
      periods: 3,
      of: 5,
    },
    WindowsAreNotSent: {
      heading: 'Windows are not sent',
      says: 'A window has waited for more than ten minutes to be sent, or the exporter does not run.',
      metric: archive.oldestUnsent.with({ period: fiveMinutes }),
      above: 600,
      periods: 1,
      silence: 'alarms',
    },
    ArchiveIsLate: {
      heading: 'The archive is late',
      says: 'Firehose has not delivered votes or windows for more than fifteen minutes.',
      metric: new MathExpression({
        expression: 'MAX([FILL(votes, 0), FILL(windows, 0), FILL(behind, 0) / 1000])',
        usingMetrics: { votes: archive.votes, windows: archive.windows, behind: archive.votesBehind },
        label: 'seconds',
        period: Duration.minutes(1),
      }),
      above: 900,
      periods: 3,
    },
    PollDoesNotBecomeFinal: {
      heading: 'A poll does not become final',
      says: 'A poll has waited for more than two minutes to become final, or the closer does not run.',
      metric: closing.seconds.with({ period: fiveMinutes }),
      above: 120,
      periods: 1,
      silence: 'alarms',
    },
    ...(scaler === undefined
      ? {}
      : {
          StreamDoesNotFollowItsShows: {
            heading: 'The stream does not follow its show times',
            says: 'The scaler has failed for five minutes; a show may begin with too few shards.',
            metric: scaler.errors,
            above: 0,
            periods: 5,
          },
        }),
  }
}

/** The alarms, each with its heading in docs/runbook.md; the topic is told when one begins, and when it is over. */
export const addAlarms = (scope: Construct, metrics: PipelineMetrics, topic: Topic): Alarm[] =>
  Object.entries(alarmRules(metrics)).map(([id, { heading, says, metric, above, periods, of, silence }]) => {
    const alarm = new Alarm(scope, id, {
      alarmDescription: `${says} See "${heading}" in docs/runbook.md.`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: of ?? periods,
      datapointsToAlarm: periods,
      treatMissingData: silence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    const action = new SnsAction(topic)
    alarm.addAlarmAction(action)
    alarm.addOkAction(action)
    return alarm
  })

/** Their sum; one of which nothing was heard adds nothing. */
const added = (metrics: Record<string, IMetric>): MathExpression =>
  new MathExpression({
    expression: `SUM([${Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(', ')}])`,
    usingMetrics: metrics,
    label: 'together',
    period: Duration.minutes(1),
  })

/** 1 where five minutes have brought not one sample, 0 where they have. */
const silent = (samples: PipelineMetrics['mapping']['polls']): MathExpression =>
  new MathExpression({
    expression: 'IF(samples > 0, 0, 1)',
    usingMetrics: { samples: samples.with({ period: fiveMinutes }) },
    label: 'silent',
    period: fiveMinutes,
  })
