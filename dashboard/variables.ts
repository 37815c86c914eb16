/** Environment variables of the scoreboard handler, shared by both composition roots. */
export const readVariables = {
  aggregator: 'PLACAR_AGGREGATOR',
  windowSeconds: 'PLACAR_WINDOW_SECONDS',
  iteratorAgeMaxAgeMs: 'PLACAR_ITERATOR_AGE_MAX_AGE_MS',
  /** Length of the periods that the stream's traffic is asked in. */
  trafficPeriodSeconds: 'PLACAR_TRAFFIC_PERIOD_SECONDS',
  /** `true` where each shard has metrics of its own. */
  shardMetrics: 'PLACAR_SHARD_METRICS',
  /** `true` where a shard refuses what is over Kinesis's write limit. */
  shardLimits: 'PLACAR_SHARD_LIMITS',
} as const
