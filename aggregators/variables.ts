/** Environment variable that says for how long the stream keeps a record, in hours. */
export const retentionHoursVariable = 'PLACAR_RETENTION_HOURS'

/** Environment variables of the exporter, shared by both composition roots. */
export const exportVariables = {
  deliveryStream: 'PLACAR_WINDOWS_DELIVERY_STREAM',
  /** Both or neither: without them there is no time series. */
  timeSeriesDatabase: 'PLACAR_TIMESTREAM_DATABASE',
  timeSeriesTable: 'PLACAR_TIMESTREAM_TABLE',
} as const
