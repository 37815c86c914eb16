import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { exportVariables } from '../../aggregators/variables.ts'
import { tableNameVariable, unsentIndex, unwrittenIndex } from '../../ingest/count-table.ts'
import { pipeline } from '../config.ts'
import type { Audit } from './audit.ts'
import type { CountStore } from './count-store.ts'
import { everyMinute } from './every-minute.ts'
import { handlerFunction } from './handler-function.ts'
import type { TimeSeries } from './time-series.ts'

export type ExportingParts = { counts: CountStore; audit: Audit; timeSeries: TimeSeries | undefined }

/** Sends sealed windows to the archive and, where there is one, the time series, once a minute. */
export class Exporting extends Construct {
  readonly exporter: LambdaFunction

  constructor(scope: Construct, id: string, { counts, audit, timeSeries }: ExportingParts) {
    super(scope, id)
    this.exporter = handlerFunction(this, 'Exporter', {
      entry: 'aggregators/export.lambda.ts',
      description: 'Sends sealed windows to the archive.',
      timeoutSeconds: pipeline.exporter.timeoutSeconds,
      memoryMb: 512,
      noDeadLetters: 'Every run takes up what was not sent; the next one does what this one could not.',
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
    counts.allow(
      this.exporter,
      ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      [unsentIndex, unwrittenIndex],
    )
    audit.windows.grant(this.exporter, 'firehose:PutRecordBatch')
    timeSeries?.grantWrite(this.exporter)
    everyMinute(this, this.exporter)
  }
}
