import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { streamNameVariable } from '../../ingest/environment.ts'
import { everyMinute } from './every-minute.ts'
import { handlerFunction } from './handler-function.ts'
import type { Settings } from './settings.ts'
import { scaleVariables } from './show-times/variables.ts'
import type { VoteStream } from './vote-stream.ts'

export type ShowTimesParts = { settings: Settings; votes: VoteStream }

/**
 * More shards around known show times, up before a show and down after it. Once a minute it compares what is wanted with what
 * is there, and takes one step that AWS allows; so a step that failed is tried again, and nothing is missed.
 */
export class ShowTimes extends Construct {
  readonly scaler: LambdaFunction

  constructor(scope: Construct, id: string, { settings, votes }: ShowTimesParts) {
    super(scope, id)
    this.scaler = handlerFunction(this, 'Scaler', {
      entry: 'infra/aws/show-times/scale.lambda.ts',
      description: 'Takes the stream towards the shards that its show times ask for.',
      timeoutSeconds: 30,
      memoryMb: 256,
      noDeadLetters: 'Every run compares anew; the next one takes the step that this one could not.',
      environment: {
        [streamNameVariable]: votes.stream.streamName,
        [scaleVariables.shows]: JSON.stringify(settings.showTimes),
        [scaleVariables.usualShards]: String(settings.shards),
      },
    })
    votes.stream.grant(this.scaler, 'kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount')
    everyMinute(this, this.scaler)
  }
}
