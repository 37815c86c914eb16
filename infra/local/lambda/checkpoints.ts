import { readFile } from 'node:fs/promises'
import { replaceFile } from '../durable-file.ts'
import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Log } from '../log-file.ts'

/**
 * How far each shard has been read, kept across restarts. It is written about once a second, so after a crash the
 * mapping steps back a little and delivers records again: at least once, as on AWS.
 */
export type Checkpoints = {
  position(shard: string): Position | undefined
  advance(shard: string, position: Position): void
  /** Forgets all shards but these. */
  keep(shards: readonly string[]): void
  close(): Promise<void>
}

const saveEveryMs = 1000

export type CheckpointOptions = {
  path: string
  /**
   * Makes durable what the handlers have written so far. It is awaited before a checkpoint is stored: after a loss of
   * power, a record must not count as read when what it was counted into is gone.
   */
  settle: () => Promise<void>
  log: Log
}

/** Opens the checkpoints kept at `path`; a file that cannot be read means that every shard is read from its start. */
export const openCheckpoints = async ({ path, settle, log }: CheckpointOptions): Promise<Checkpoints> => {
  const positions = new Map<string, Position>(Object.entries(await readPositions(path)))
  let changed = false

  const save = async (): Promise<void> => {
    if (!changed) return
    changed = false
    const text = JSON.stringify(Object.fromEntries(positions))
    try {
      await settle()
      await replaceFile(path, text)
    } catch (error) {
      changed = true
      log('checkpoints could not be stored and will be tried again', error)
    }
  }
  let saving: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    saving = saving.then(save)
  }, saveEveryMs)

  return {
    position: (shard) => positions.get(shard),
    advance: (shard, position) => {
      positions.set(shard, position)
      changed = true
    },
    keep: (shards) => {
      for (const shard of positions.keys()) {
        if (shards.includes(shard)) continue
        positions.delete(shard)
        changed = true
      }
    },
    close: async () => {
      clearInterval(timer)
      await saving
      await save()
    },
  }
}

const readPositions = async (path: string): Promise<Record<string, Position>> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return {}
  }
}
