import { kinesisShardLimit } from '../../../dashboard/shard-limit.ts'

/**
 * AWS does not say how it measures the second of its write limit; this is a bucket that holds one second's worth and is
 * refilled all the time.
 */
export const { recordsPerSecond: shardRecordsPerSecond, bytesPerSecond: shardBytesPerSecond } =
  kinesisShardLimit

export type WriteLimit = {
  /** Takes one record of `bytes` from the allowance; `false` when the shard is over its rate. */
  take(now: number, bytes: number): boolean
}

export const writeLimit = (): WriteLimit => {
  let records = shardRecordsPerSecond
  let allowance = shardBytesPerSecond
  let filledAt = 0
  return {
    take: (now, bytes) => {
      const seconds = Math.max(0, now - filledAt) / 1000
      filledAt = now
      records = Math.min(shardRecordsPerSecond, records + seconds * shardRecordsPerSecond)
      allowance = Math.min(shardBytesPerSecond, allowance + seconds * shardBytesPerSecond)
      if (records < 1 || allowance < bytes) return false
      records -= 1
      allowance -= bytes
      return true
    },
  }
}

export const noWriteLimit: WriteLimit = { take: () => true }
