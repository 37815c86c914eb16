import { join } from 'node:path'
import type { Log } from '../log-file.ts'
import type { HashRange } from './hash-key.ts'
import { openShardLog, type ShardLog, type StagingBudget } from './log/shard-log.ts'
import { sequencePrefix } from './sequence-number.ts'
import { openTraffic, type Traffic } from './traffic.ts'
import { noWriteLimit, type WriteLimit, writeLimit } from './write-limit.ts'

/**
 * What is kept of a shard across restarts. `parent` is the shard it was split from, or with `adjacentParent` merged
 * from; they may be gone already. `endedAt` (epoch ms) is set once it has been split or merged itself: it takes no more
 * records, all it has are durable, and none arrived later than that.
 */
export type ShardRecord = {
  index: number
  range: HashRange
  parent?: string
  adjacentParent?: string
  endedAt?: number
  /** At least that of its last record; AWS does not promise more either. */
  endingSequenceNumber?: string
}

export type Shard = ShardRecord & {
  id: string
  prefix: string
  log: ShardLog
  limit: WriteLimit
  traffic: Traffic
}

export const isOpen = ({ endedAt }: ShardRecord): boolean => endedAt === undefined

export const shardId = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

export const shardFolder = (streamFolder: string, index: number): string => join(streamFolder, shardId(index))

export type ShardOptions = {
  boot: number
  limits: boolean
  now: () => number
  staging: StagingBudget
  log: Log
}

/** Opens the log of a shard, making it if need be. Throws when it cannot be read or written. */
export const openShard = async (
  record: ShardRecord,
  stream: { folder: string; createdAt: number },
  { boot, limits, now, staging, log }: ShardOptions,
): Promise<Shard> => {
  const records = await openShardLog(shardFolder(stream.folder, record.index), { boot, staging, log })
  return {
    ...record,
    ...(record.endedAt === undefined ? {} : { endedAt: Math.max(record.endedAt, records.newest().arrival) }),
    id: shardId(record.index),
    prefix: sequencePrefix(stream.createdAt, record.index),
    log: records,
    limit: limits ? writeLimit() : noWriteLimit,
    traffic: openTraffic(now()),
  }
}

export const recordOf = ({ id, prefix, log, limit, traffic, ...record }: Shard): ShardRecord => record
