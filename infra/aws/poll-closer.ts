import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { streamNameVariable } from '../../ingest/environment.ts'
import { pipeline } from '../config.ts'
import type { CountStore } from './count-store.ts'
import { handlerFunction } from './handler-function.ts'
import type { VoteStream } from './vote-stream.ts'

/**
 * How far a run looks ahead. EventBridge Scheduler is precise to a minute (its user guide), so two runs can be almost two
 * minutes apart; runs that overlap do no harm.
 */
export const aheadSeconds = 120

export type PollCloserParts = { votes: VoteStream; counts: CountStore }

/**
 * Closes polls at their time, to the second, and brings every closed poll to its result: the same code as
 * `npm run polls -- close`. Once a minute it looks at all polls without a result, and waits for those that become due.
 */
export class PollCloser extends Construct {
  readonly closer: IFunction

  constructor(scope: Construct, id: string, { votes, counts }: PollCloserParts) {
    super(scope, id)
    this.closer = handlerFunction(this, 'Closer', {
      entry: 'aggregators/close.lambda.ts',
      description: 'Closes polls at their time and brings closed ones to their result.',
      timeoutSeconds: aheadSeconds + pipeline.closer.timeoutSeconds,
      memoryMb: 512,
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [streamNameVariable]: votes.stream.streamName,
      },
    })
    counts.table.grant(this.closer, ...tableActions)
    votes.stream.grant(this.closer, ...streamActions)
    new Schedule(this, 'EveryMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // The next run does what this one could not.
      target: new LambdaInvoke(this.closer, {
        retryAttempts: 0,
        input: ScheduleTargetInput.fromObject({ aheadMs: aheadSeconds * 1000 }),
      }),
      description: 'Closes polls whose time comes within two minutes, each at its time.',
    })
  }
}

/** What the close store (aggregators/close/close.store.ts) asks of the table. */
const tableActions = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
] as const

/** What the vote stream (aggregators/close/vote-stream.store.ts) asks of Kinesis. */
const streamActions = [
  'kinesis:ListShards',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetShardIterator',
  'kinesis:GetRecords',
  'kinesis:PutRecords',
] as const
