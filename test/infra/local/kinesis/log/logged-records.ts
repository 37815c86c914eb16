import { frames } from '../../../../../infra/local/kinesis/log/frame.ts'
import {
  openShardLog,
  type ShardLog,
  type ShardLogOptions,
} from '../../../../../infra/local/kinesis/log/shard-log.ts'

export type Logged = { boot: number; ordinal: number; arrival: number; partitionKey: string; data: string }

/** Opens a log, lets `use` work with it, and closes it as a stopped process does. */
export const withLog = async <Result>(
  folder: string,
  options: ShardLogOptions,
  use: (log: ShardLog) => Promise<Result>,
): Promise<Result> => {
  const log = await openShardLog(folder, options)
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

/** Everything in a log, oldest first, read with the given limits. */
export const readAll = async (
  log: ShardLog,
  { maxRecords = 1000, maxBytes = 65_536 } = {},
): Promise<Logged[]> => {
  const records: Logged[] = []
  for (let position = log.start(); ; ) {
    const { bytes, count, next } = await log.read(position, maxRecords, maxBytes)
    if (count === 0) return records
    for (const { data, ...frame } of frames(bytes)) records.push({ ...frame, data: data.toString() })
    position = next
  }
}
