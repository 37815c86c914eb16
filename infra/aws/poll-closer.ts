import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { streamNameVariable } from '../../ingest/environment.ts'
import { pipeline } from '../config.ts'
import type { CountStore } from './count-store.ts'
import { everyMinute } from './every-minute.ts'
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
  readonly closer: LambdaFunction

  constructor(scope: Construct, id: string, { votes, counts }: PollCloserParts) {
    super(scope, id)
    this.closer = handlerFunction(this, 'Closer', {
      entry: 'aggregators/close.lambda.ts',
      description: 'Closes polls at their time and brings closed ones to their result.',
      timeoutSeconds: aheadSeconds + pipeline.closer.timeoutSeconds,
      memoryMb: 512,
      noDeadLetters:
        'Every run looks at all polls without a result; the next one does what this one could not.',
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [streamNameVariable]: votes.stream.streamName,
      },
    })
    counts.allow(this.closer, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'])
    votes.stream.grant(this.closer, ...streamActions)
    everyMinute(this, this.closer, { aheadMs: aheadSeconds * 1000 })
  }
}

/** What the vote stream (aggregators/close/vote-stream.store.ts) asks of Kinesis. */
const streamActions = [
  'kinesis:ListShards',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetShardIterator',
  'kinesis:GetRecords',
  'kinesis:PutRecords',
] as const
