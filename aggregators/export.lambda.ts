import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import { tableNameVariable, unsentIndex, unwrittenIndex } from '../ingest/count-table.ts'
import { required } from '../ingest/environment.ts'
import { dynamoExportStore } from './export/export.store.ts'
import { type ExportReport, exporter } from './export/export-parts.ts'
import { firehoseSink } from './export/firehose.sink.ts'
import { dynamoOutbox } from './export/outbox.store.ts'
import { timestreamSink } from './export/timestream.sink.ts'
import { type WatchedOutbox, watchedOutbox } from './export/watched-outbox.ts'
import { metricNames } from './metric-names.ts'
import { exportVariables } from './variables.ts'

const environment = process.env
const logger = new Logger({ serviceName: 'export' })
const metrics = new Metrics({ serviceName: 'export' })
const table = required(environment, tableNameVariable)
const now = Date.now
const dynamo = new DynamoDBClient({})

/** A sink that does not answer must not use up the function's time. */
const requestHandler = { connectionTimeout: 2000, requestTimeout: 5_000, throwOnRequestTimeout: true }

/** Sent parts stay in the count table, for the windows that the dashboard shows, as long as this. */
const keepDays = 30

const openTimeSeries = () => {
  const database = environment[exportVariables.timeSeriesDatabase]
  if (database === undefined) return undefined
  const client = new TimestreamWriteClient({ requestHandler, maxAttempts: 2 })
  return {
    outbox: watchedOutbox(dynamoOutbox(dynamo, table, { attribute: unwrittenIndex, now })),
    sink: timestreamSink(client, {
      database,
      table: required(environment, exportVariables.timeSeriesTable),
      warn: (message, refused) => logger.warn(message, refused),
    }),
  }
}

const timeSeries = openTimeSeries()
const archive = firehoseSink(
  new FirehoseClient({ requestHandler, maxAttempts: 2 }),
  required(environment, exportVariables.deliveryStream),
)
const archiveOutbox = watchedOutbox(
  dynamoOutbox(dynamo, table, {
    attribute: unsentIndex,
    unused: timeSeries === undefined ? [unwrittenIndex] : [],
    keepDays,
    now,
  }),
)

/** What is left of the function's time when the last page is begun. */
const lastPageMs = 25_000

const run = exporter({
  store: dynamoExportStore(dynamo, table),
  archive: {
    outbox: archiveOutbox,
    sink: archive,
    sendLine: archive.sendLine,
  },
  timeSeries,
  now,
})

type Context = { getRemainingTimeInMillis(): number }

/** Sends sealed windows to the archive and, where there is one, the time series. Run by a schedule, locally also when a poll has become final. */
export const handler = async (_event: unknown, context: Context): Promise<ExportReport> => {
  try {
    const report = await run(() => context.getRemainingTimeInMillis() > lastPageMs)
    for (const poll of report.lastLines)
      logger.info('the last line of the poll is on its way to the archive', { poll })
    return report
  } finally {
    reportUnsent(timeSeries ? [archiveOutbox, timeSeries.outbox] : [archiveOutbox])
  }
}

/** Says nothing where an outbox could not be read: an alarm hears the silence. */
const reportUnsent = (outboxes: readonly WatchedOutbox[]): void => {
  let oldestMs = 0
  for (const outbox of outboxes) {
    const end = outbox.oldestUnsentEnd()
    if (end === undefined) return
    if (end !== null) oldestMs = Math.max(oldestMs, now() - end)
  }
  metrics.addMetric(metricNames.export.oldestUnsent, MetricUnit.Seconds, oldestMs / 1000)
  metrics.publishStoredMetrics()
}
