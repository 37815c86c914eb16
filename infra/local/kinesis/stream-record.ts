import type { ShardRecord } from './shard.ts'

/** Said of a stream and kept; the shards are the same in both. */
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND'

/** What can be changed of a stream without touching its shards. Times are epoch ms, oldest first. */
export type StreamSettings = {
  mode: StreamMode
  retentionHours: number
  tags: Readonly<Record<string, string>>
  /** Shard-level metrics that are switched on: said of the stream; they are there all the same (infra/local/cloudwatch). */
  metrics: readonly string[]
  /** When UpdateShardCount was called last; what is older than a day may be left out. */
  scaledAt: readonly number[]
  /** The same for UpdateStreamMode. */
  modeChangedAt: readonly number[]
}

/** What is kept of a stream across restarts. `createdAt` is epoch ms. */
export type StreamRecord = StreamSettings & { name: string; createdAt: number; shards: ShardRecord[] }

/** AWS's default too. */
export const defaultRetentionHours = 24

/** A new stream's. */
export const defaultSettings: StreamSettings = {
  mode: 'PROVISIONED',
  retentionHours: defaultRetentionHours,
  tags: {},
  metrics: [],
  scaledAt: [],
  modeChangedAt: [],
}
