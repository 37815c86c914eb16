import type { ShardLog } from './shard-log.ts'

/**
 * Commits staged records of all shards in turns: whatever was staged while one turn wrote and synced goes with the
 * next, so one `fdatasync` serves many voters.
 */
export type GroupCommit = {
  /** Settles when what is staged in `log` now is durable; rejects when it could not be written. */
  durable(log: ShardLog): Promise<void>
}

/**
 * A turn costs two file operations for each shard, so turns are spread out a little, more with many shards: the more
 * votes go with one turn, the less each costs. A vote that comes while nothing is being written never waits.
 */
const spreadMs = (dirtyShards: number): number => Math.min(10, 1 + Math.floor(dirtyShards / 4))

export const groupCommit = (): GroupCommit => {
  let dirty = new Set<ShardLog>()
  let running = false

  const turns = async (): Promise<void> => {
    while (dirty.size > 0) {
      const logs = dirty
      dirty = new Set()
      await Promise.all([...logs].map((log) => log.commit()))
      await new Promise((resume) => setTimeout(resume, spreadMs(logs.size)))
    }
    running = false
  }

  return {
    durable: (log) => {
      dirty.add(log)
      if (!running) {
        running = true
        setImmediate(turns)
      }
      return log.staged()
    },
  }
}
