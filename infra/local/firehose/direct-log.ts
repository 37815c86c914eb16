import type { GroupCommit } from '../kinesis/log/group-commit.ts'
import { openShardLog, type StagingBudget } from '../kinesis/log/shard-log.ts'
import { sequenceNumber, sequencePrefix } from '../kinesis/sequence-number.ts'
import type { Log } from '../log-file.ts'
import type { SourceShard } from './source.ts'

/** The records put to a delivery stream that are not delivered yet, on disk. */
export type DirectLog = {
  shard: SourceShard
  /** Takes one record; it may be acknowledged when `durable`. Throws when too much waits for the disk already. */
  put(data: Buffer): { recordId: string; durable: Promise<void> }
  close(): Promise<void>
}

export type DirectLogOptions = {
  folder: string
  boot: number
  /** Epoch ms; when the delivery stream was made. */
  createdAt: number
  now: () => number
  commits: GroupCommit
  staging: StagingBudget
  log: Log
}

/** Small, so that little of what is delivered stays on disk. */
const segmentBytes = 4 * 1024 * 1024

/** Opens, or makes, the log in `folder`. Throws when it cannot be read or written. */
export const openDirectLog = async (options: DirectLogOptions): Promise<DirectLog> => {
  const { folder, boot, createdAt, now, commits, staging, log } = options
  const records = await openShardLog(folder, { boot, segmentBytes, staging, log })
  const prefix = sequencePrefix(createdAt, 0)
  return {
    shard: { key: 'direct', id: 'direct', prefix, log: records, trim: records.trim },
    put: (data) => {
      const ordinal = records.append(now(), '', data)
      return { recordId: sequenceNumber(prefix, boot, ordinal), durable: commits.durable(records) }
    },
    close: () => records.close(),
  }
}
