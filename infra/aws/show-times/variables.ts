/** Environment variables of the function that scales the stream. */
export const scaleVariables = {
  /** JSON: the settings' show times. */
  shows: 'PLACAR_SHOW_TIMES',
  usualShards: 'PLACAR_SHARDS',
} as const
