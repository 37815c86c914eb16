import type { Traffic } from './read-model.ts'

/** What producers sent to the whole stream; shards that are not known are missing. */
export type StreamTraffic = {
  shards: ReadonlyMap<string, Traffic>
  throttledPerSecond: number | null
}

export const unknownTraffic: StreamTraffic = { shards: new Map(), throttledPerSecond: null }

/** A rate as CloudWatch has it: sums by the start of their periods, epoch ms. Without `shardId`, of the whole stream. */
export type Reading = {
  shardId?: string
  rate: keyof Traffic
  sums: ReadonlyMap<number, number>
}

const nothing: Traffic = { recordsPerSecond: 0, bytesPerSecond: 0, throttledPerSecond: 0 }

/**
 * The rates of the newest period of which any reading has a sum; they are all of one time, so that shards compare. A
 * reading that has sums of earlier periods alone was quiet; a shard without any is not known.
 */
export const streamTraffic = (readings: readonly Reading[], periodSeconds: number): StreamTraffic => {
  const newest = Math.max(...readings.flatMap(({ sums }) => [...sums.keys()]))
  const shards = new Map<string, Traffic>()
  let throttledPerSecond: number | null = null
  for (const { shardId, rate, sums } of readings) {
    if (sums.size === 0) continue
    const perSecond = (sums.get(newest) ?? 0) / periodSeconds
    if (shardId === undefined) throttledPerSecond = perSecond
    else shards.set(shardId, { ...(shards.get(shardId) ?? nothing), [rate]: perSecond })
  }
  return { shards, throttledPerSecond }
}
