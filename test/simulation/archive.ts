/**
 * What has gone out: per part its bytes, and per poll its last line; and which parts are marked sent, in that order. `series`: what the
 * time series holds, by `seriesKey`; it has marks of its own.
 */
export type Archive = {
  parts: Map<string, string>
  lastLines: Map<string, string>
  sent: Set<string>
  series: Map<string, number>
  sentToSeries: Set<string>
}

export const emptyArchive = (): Archive => ({
  parts: new Map(),
  lastLines: new Map(),
  sent: new Set(),
  series: new Map(),
  sentToSeries: new Set(),
})

export const keyOf = (shardId: string, number: number): string => `${shardId}#${number}`

/** The dimensions of one number of the time series, and its time. @param start of the window, epoch ms */
export const seriesKey = (
  ...dimensions: [shard: string, part: number, poll: string, kind: string, name: string, start: number]
): string => dimensions.join(' ')
