import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Shard } from '../kinesis/shard.ts'
import type { Checkpoints } from './checkpoints.ts'
import { type ShardReader, type ShardReaderOptions, startShardReader } from './shard-reader.ts'

/**
 * Lambda's event source mapping from a Kinesis stream to a function, with or without tumbling windows. Each shard is
 * read on its own (`shard-reader.ts`), from its oldest record or from where it was read before; a child only when its
 * parents have been read to their ends. So no new shard has to be looked for: it comes when a reader ends.
 */
export type EventSourceMapping = {
  /** Age of the oldest record not yet counted in any shard, or in this one, ms; 0 when all are. Lambda's iterator age. */
  iteratorAgeMs(shard?: Shard): Promise<number>
  /** Whether it reads, and no shard has failed again and again. */
  running(): boolean
  /** Finishes what runs, stores the checkpoints and stops. */
  close(): Promise<void>
}

export type EventSourceMappingOptions = Omit<ShardReaderOptions, 'restMs'> & {
  /** How long a shard is left alone behind a batch when so many have records. */
  restMs: (shards: number) => number
  checkpoints: Checkpoints
}

/** Failures in a row after which a shard counts as stuck. */
const sickFailures = 5

export const startEventSourceMapping = (options: EventSourceMappingOptions): EventSourceMapping => {
  const { stream, now, checkpoints } = options
  const stopping = new AbortController()
  const readers = new Map<Shard, ShardReader>()
  const busyShards = (): number => [...readers.values()].filter((reader) => reader.foundRecords()).length
  const paced = { ...options, restMs: () => options.restMs(busyShards()) }
  const done = new WeakSet<Shard>()
  // A stream that was deleted and made again has the same shard ids.
  const keyOf = ({ id }: Shard): string => `${stream.name}/${stream.createdAt}/${id}`

  const positionOf = (shard: Shard): Position =>
    readers.get(shard)?.position() ?? checkpoints.position(keyOf(shard)) ?? shard.log.start()

  /** Those that are gone by now have nothing left to be read. */
  const parentsOf = ({ parent, adjacentParent }: Shard): Shard[] =>
    stream.shards.filter(({ id }) => id === parent || id === adjacentParent)

  const readShard = async (shard: Shard): Promise<void> => {
    const counted = (position: Position) => checkpoints.advance(keyOf(shard), position)
    const reader = startShardReader(paced, shard, positionOf(shard), counted, stopping.signal)
    readers.set(shard, reader)
    if (!(await reader.ended)) return
    readers.delete(shard)
    done.add(shard)
    if (!stopping.signal.aborted) readShards()
  }

  const readShards = (): void => {
    checkpoints.keep(stream.shards.map(keyOf))
    for (const shard of stream.shards)
      if (!readers.has(shard) && !done.has(shard) && parentsOf(shard).every((parent) => done.has(parent)))
        void readShard(shard)
  }

  const ageOf = async (shard: Shard): Promise<number> => {
    const oldest = done.has(shard) ? undefined : await shard.log.arrivalAt(positionOf(shard))
    return oldest === undefined ? 0 : Math.max(0, now() - oldest)
  }

  readShards()

  return {
    running: () =>
      !stopping.signal.aborted && [...readers.values()].every((reader) => reader.failures() < sickFailures),
    iteratorAgeMs: async (shard) => {
      const unread = shard === undefined ? stream.shards : [shard]
      return Math.max(0, ...(await Promise.all(unread.map(ageOf))))
    },
    close: async () => {
      stopping.abort()
      await Promise.all([...readers.values()].map(({ ended }) => ended))
      await checkpoints.close()
    },
  }
}
