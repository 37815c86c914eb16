import { join } from 'node:path'
import type { Log } from '../log-file.ts'
import { type HashRange, hashFromDecimal, hashOfKey } from './hash-key.ts'
import type { GroupCommit } from './log/group-commit.ts'
import { openShardLog, type ShardLog, type StagingBudget } from './log/shard-log.ts'
import { sequenceNumber, sequencePrefix } from './sequence-number.ts'
import { noWriteLimit, type WriteLimit, writeLimit } from './write-limit.ts'

/** What is kept of a shard across restarts. `endedAt` is set once it takes no more records (split or merged). */
export type ShardRecord = {
  index: number
  range: HashRange
  parent?: string
  adjacentParent?: string
  endedAt?: number
  endingSequenceNumber?: string
}

/** Said of a stream and kept; the shards are the same in both. */
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND'

/** What is kept of a stream across restarts. Times are epoch ms. */
export type StreamRecord = {
  name: string
  mode: StreamMode
  createdAt: number
  retentionHours: number
  shards: ShardRecord[]
}

export type Shard = ShardRecord & {
  id: string
  prefix: string
  log: ShardLog
  limit: WriteLimit
}

/** A record taken into the stream: its receipt at once, `durable` when it may be told to the voter. */
export type Put = { shardId: string; sequenceNumber: string; durable: Promise<void> }

export type Stream = Omit<StreamRecord, 'shards'> & {
  arn: string
  shards: Shard[]
  /** When it is (or became) ACTIVE. */
  activeAt: number
  /**
   * Puts one record; the shard's id where that shard is over its rate.
   * @param explicitHashKey decimal, overrides the partition key's hash
   */
  put(partitionKey: string, data: string | Uint8Array, explicitHashKey?: string): Put | { throttled: string }
  close(): Promise<void>
}

export const shardId = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

export const region = 'us-east-1'
export const accountId = '000000000000'
export const streamArn = (name: string): string => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`

export type StreamOptions = {
  folder: string
  boot: number
  limits: boolean
  now: () => number
  commits: GroupCommit
  staging: StagingBudget
  log: Log
}

/** Opens a stream's shard logs under `folder`. Throws when one cannot be read or written. */
export const openStream = async (
  record: StreamRecord,
  activeAt: number,
  options: StreamOptions,
): Promise<Stream> => {
  const { folder, boot, limits, now, commits } = options
  const shards = await Promise.all(
    record.shards.map(async (shard): Promise<Shard> => {
      const id = shardId(shard.index)
      const log = await openShardLog(join(folder, record.name, id), {
        boot,
        staging: options.staging,
        log: options.log,
      })
      const prefix = sequencePrefix(record.createdAt, shard.index)
      return { ...shard, id, prefix, log, limit: limits ? writeLimit() : noWriteLimit }
    }),
  )
  const byRange = shards.filter(({ endedAt }) => endedAt === undefined).sort(byStart)
  const starts = byRange.map(({ range }) => range.start)

  const put: Stream['put'] = (partitionKey, data, explicitHashKey) => {
    const hash = explicitHashKey === undefined ? hashOfKey(partitionKey) : hashFromDecimal(explicitHashKey)
    const shard = byRange[lastAtOrBefore(starts, hash)]
    if (shard === undefined) throw new Error(`no open shard of ${record.name} takes hash key ${hash}`)
    const at = now()
    // Characters stand for bytes here: votes are ASCII, and other producers send bytes.
    if (!shard.limit.take(at, data.length + partitionKey.length)) return { throttled: shard.id }
    const ordinal = shard.log.append(at, partitionKey, data)
    return {
      shardId: shard.id,
      sequenceNumber: sequenceNumber(shard.prefix, boot, ordinal),
      durable: commits.durable(shard.log),
    }
  }

  return {
    ...record,
    arn: streamArn(record.name),
    shards,
    activeAt,
    put,
    close: async () => {
      await Promise.all(shards.map(({ log }) => log.close()))
    },
  }
}

const byStart = (left: Shard, right: Shard): number => (left.range.start < right.range.start ? -1 : 1)

/** Index of the greatest element that is not over `value`; `sorted` ascends and starts at or below it. */
const lastAtOrBefore = (sorted: readonly string[], value: string): number => {
  let low = 0
  for (let high = sorted.length; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) <= value) low = middle
    else high = middle
  }
  return low
}
