/** Environment variables of the scoreboard handler, shared by both composition roots. */
export const readVariables = {
  aggregator: 'PLACAR_AGGREGATOR',
  windowSeconds: 'PLACAR_WINDOW_SECONDS',
  iteratorAgeMaxAgeMs: 'PLACAR_ITERATOR_AGE_MAX_AGE_MS',
} as const
