import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  type FunctionUrl,
  FunctionUrlAuthType,
  InvokeMode,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { readVariables } from '../../dashboard/variables.ts'
import { tableNameVariable, timelineIndex } from '../../ingest/count-table.ts'
import { streamNameVariable } from '../../ingest/environment.ts'
import { pipeline } from '../config.ts'
import type { CountStore } from './count-store.ts'
import { handlerFunction } from './handler-function.ts'
import type { VoteStream } from './vote-stream.ts'

export type ScoreboardParts = { votes: VoteStream; counts: CountStore; aggregator: LambdaFunction }

/** The read model: answers scoreboard, windows, shards and stats from the count store. Only CloudFront may ask it. */
export class Scoreboard extends Construct {
  readonly url: FunctionUrl

  constructor(scope: Construct, id: string, { votes, counts, aggregator }: ScoreboardParts) {
    super(scope, id)
    const reader = handlerFunction(this, 'Reader', {
      entry: 'dashboard/scoreboard.lambda.ts',
      description: 'Answers the dashboard from the count store.',
      timeoutSeconds: pipeline.scoreboard.timeoutSeconds,
      memoryMb: 1024,
      noDeadLetters: 'Asked by HTTP: whoever asks gets the error, and asks again.',
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [streamNameVariable]: votes.stream.streamName,
        [readVariables.aggregator]: aggregator.functionName,
        [readVariables.windowSeconds]: String(pipeline.aggregator.tumblingWindowSeconds),
        // Lambda publishes it once a minute.
        [readVariables.iteratorAgeMaxAgeMs]: '30000',
        // So does Kinesis its metrics.
        [readVariables.trafficPeriodSeconds]: '60',
        [readVariables.shardMetrics]: String(votes.shardMetrics),
        [readVariables.shardLimits]: 'true',
      },
    })
    counts.allow(reader, ['GetItem', 'BatchGetItem', 'Query'], [timelineIndex])
    votes.stream.grant(reader, 'kinesis:ListShards')
    // CloudWatch knows no resources for it.
    reader.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }))
    this.url = reader.addFunctionUrl({
      authType: FunctionUrlAuthType.AWS_IAM,
      invokeMode: InvokeMode.BUFFERED,
    })
  }
}
