import { defaultTableName } from '../ingest/count-table.ts'

/**
 * The numbers of the pipeline, the same for both composition roots (infra/local and infra/aws). What a user may choose
 * comes in through flags; everything else is decided here, once.
 */
export const pipeline = {
  streamName: 'placar-votes',
  tableName: defaultTableName,
  aggregator: {
    functionName: 'aggregate',
    /** Lambda's maximum; with a 6 MB payload it is rarely reached. */
    batchSize: 10_000,
    tumblingWindowSeconds: 5,
    timeoutSeconds: 30,
  },
  scoreboard: { functionName: 'scoreboard', timeoutSeconds: 5 },
  closer: { functionName: 'close', timeoutSeconds: 60 },
  exporter: { functionName: 'export', timeoutSeconds: 60 },
  archiver: { functionName: 'archive', timeoutSeconds: 60 },
  /** What is exported, and where: an S3 bucket; locally a folder of the same layout. */
  audit: {
    bucket: 'placar-audit',
    votes: { deliveryStream: 'placar-votes', prefix: 'votes/' },
    windows: { deliveryStream: 'placar-windows', prefix: 'windows/' },
  },
  timeSeries: { database: 'placar', table: 'windows' },
} as const
