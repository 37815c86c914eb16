import type { ShardLimit } from './read-model.ts'

/**
 * What one shard takes: 1,000 records/s and 1 MiB/s, partition keys included (Kinesis quotas,
 * service-sizes-and-limits).
 */
export const kinesisShardLimit: ShardLimit = { recordsPerSecond: 1000, bytesPerSecond: 1024 * 1024 }
