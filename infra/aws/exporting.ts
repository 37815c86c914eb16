import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import { exportVariables } from '../../aggregators/variables.ts'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { pipeline } from '../config.ts'
import type { Audit } from './audit.ts'
import type { CountStore } from './count-store.ts'
import { handlerFunction } from './handler-function.ts'
import type { TimeSeries } from './time-series.ts'

export type ExportingParts = { counts: CountStore; audit: Audit; timeSeries: TimeSeries | undefined }

/** Sends sealed windows to the archive and, where there is one, the time series, once a minute. */
export class Exporting extends Construct {
  readonly exporter: IFunction

  constructor(scope: Construct, id: string, { counts, audit, timeSeries }: ExportingParts) {
    super(scope, id)
    this.exporter = handlerFunction(this, 'Exporter', {
      entry: 'aggregators/export.lambda.ts',
      description: 'Sends sealed windows to the archive.',
      timeoutSeconds: pipeline.exporter.timeoutSeconds,
      memoryMb: 512,
      environment: {
        [tableNameVariable]: counts.table.tableName,
        [exportVariables.deliveryStream]: audit.windows.deliveryStreamName,
        ...(timeSeries === undefined
          ? {}
          : {
              [exportVariables.timeSeriesDatabase]: timeSeries.databaseName,
              [exportVariables.timeSeriesTable]: timeSeries.tableName,
            }),
      },
    })
    counts.table.grant(this.exporter, ...exporterActions)
    audit.windows.grant(this.exporter, 'firehose:PutRecordBatch')
    timeSeries?.grantWrite(this.exporter)
    new Schedule(this, 'EveryMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // The next run does what this one could not.
      target: new LambdaInvoke(this.exporter, { retryAttempts: 0 }),
      description: 'Sends sealed windows to the archive.',
    })
  }
}

/** What the export store and the outboxes (aggregators/export/*.store.ts) ask of the table. */
const exporterActions = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
] as const
