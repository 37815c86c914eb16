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
} as const
