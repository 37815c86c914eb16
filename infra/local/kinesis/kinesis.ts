import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../durable-file.ts'
import type { Log } from '../log-file.ts'
import { evenRanges } from './hash-key.ts'
import { groupCommit } from './log/group-commit.ts'
import { stagingBudget } from './log/shard-log.ts'
import { openStream, type Stream, type StreamMode, type StreamRecord } from './stream.ts'

/** The embedded Kinesis: streams kept under one folder. The gateway calls it in process, everyone else over HTTP. */
export type Kinesis = {
  stream(name: string): Stream | undefined
  /** By name, ascending. */
  streams(): Stream[]
  /** The name must be free (checked by the action that calls this). */
  createStream(name: string, shardCount: number, mode?: StreamMode): Promise<Stream>
  deleteStream(name: string): Promise<void>
  /** Syncs and closes every log; nothing can be put afterwards. */
  close(): Promise<void>
}

export type KinesisOptions = {
  folder: string
  /** AWS's write limits per shard. */
  limits: boolean
  now: () => number
  /** Told of what goes wrong and is being dealt with. */
  log?: Log
  /** How long a change leaves a stream CREATING or UPDATING (AWS: some seconds). */
  changeMs?: number
}

type Catalogue = { boot: number; streams: StreamRecord[] }

const defaultRetentionHours = 24
const trimEveryMs = 60_000

/** Opens the engine, recovering every log. Throws when the folder cannot be read or written. */
export const openKinesis = async ({
  folder,
  limits,
  now,
  log = () => {},
  changeMs = 200,
}: KinesisOptions): Promise<Kinesis> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'streams.json')
  const kept = await readCatalogue(path)
  const boot = kept.boot + 1
  const options = { folder, boot, limits, now, log, commits: groupCommit(), staging: stagingBudget() }
  const streams = new Map<string, Stream>()

  const save = (): Promise<void> =>
    replaceFile(path, JSON.stringify(catalogue(boot, streams.values()), null, 2))

  for (const record of kept.streams) streams.set(record.name, await openStream(record, 0, options))
  await save() // the boot number must be durable before a sequence number is made of it

  const trim = async (): Promise<void> => {
    for (const { shards, retentionHours } of streams.values())
      for (const { id, log: records } of shards)
        await records
          .trim(now() - retentionHours * 3_600_000)
          .catch((error: unknown) =>
            log(`old records of ${id} could not be removed and will be tried again`, error),
          )
  }
  const trimmer = setInterval(() => void trim(), trimEveryMs)
  trimmer.unref()

  return {
    stream: (name) => streams.get(name),
    streams: () => [...streams.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    createStream: async (name, shardCount, mode = 'PROVISIONED') => {
      const shards = evenRanges(shardCount).map((range, index) => ({ index, range }))
      const record = { name, mode, createdAt: now(), retentionHours: defaultRetentionHours, shards }
      // What a deletion that was interrupted may have left.
      await rm(join(folder, name), { recursive: true, force: true })
      const stream = await openStream(record, now() + changeMs, options)
      streams.set(name, stream)
      await save()
      return stream
    },
    deleteStream: async (name) => {
      const stream = streams.get(name)
      streams.delete(name)
      await save()
      await stream?.close()
      await rm(join(folder, name), { recursive: true, force: true })
    },
    close: async () => {
      clearInterval(trimmer)
      await Promise.all([...streams.values()].map((stream) => stream.close()))
    },
  }
}

const readCatalogue = async (path: string): Promise<Catalogue> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { boot: 0, streams: [] }
    throw new Error(`${path} cannot be read`, { cause: error })
  }
}

const catalogue = (boot: number, streams: Iterable<Stream>): Catalogue => ({
  boot,
  streams: [...streams].map(({ name, mode, createdAt, retentionHours, shards }) => ({
    name,
    mode,
    createdAt,
    retentionHours,
    shards: shards.map(({ index, range, parent, adjacentParent, endedAt, endingSequenceNumber }) => ({
      index,
      range,
      ...(parent === undefined ? {} : { parent }),
      ...(adjacentParent === undefined ? {} : { adjacentParent }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(endingSequenceNumber === undefined ? {} : { endingSequenceNumber }),
    })),
  })),
})
