/**
 * The numbers of the pipeline, the same for both composition roots (infra/local and infra/aws). What a user may choose
 * comes in through flags; everything else is decided here, once.
 */
export const pipeline = {
  streamName: 'placar-votes',
  tableName: 'placar-counts',
  aggregator: {
    functionName: 'aggregate',
    /** Lambda's maximum; with a 6 MB payload it is rarely reached. */
    batchSize: 10_000,
    tumblingWindowSeconds: 5,
    maximumBatchingWindowSeconds: 0,
    /** Tumbling windows allow no other. */
    parallelizationFactor: 1,
    /** -1: unlimited. Nothing leaves a shard but by success. */
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    timeoutSeconds: 30,
    memoryMiB: 512,
  },
  scoreboard: { functionName: 'scoreboard', timeoutSeconds: 5 },
} as const
