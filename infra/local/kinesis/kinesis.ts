import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../durable-file.ts'
import type { Log } from '../log-file.ts'
import { evenRanges } from './hash-key.ts'
import { groupCommit } from './log/group-commit.ts'
import { stagingBudget } from './log/shard-log.ts'
import { openStream, type Stream, streamFolder } from './stream.ts'
import { defaultSettings, type StreamMode, type StreamRecord, type StreamSettings } from './stream-record.ts'
import { turns } from './turns.ts'

/** The embedded Kinesis: streams kept under one folder. The gateway calls it in process, everyone else over HTTP. */
export type Kinesis = {
  stream(name: string): Stream | undefined
  /** How often a stream's UpdateShardCount may be called in a rolling day. */
  scalingsADay: number
  /** By name, ascending. */
  streams(): Stream[]
  /** The name must be free (checked by the action that calls this). */
  createStream(
    name: string,
    shardCount: number,
    mode?: StreamMode,
    tags?: StreamSettings['tags'],
  ): Promise<Stream>
  deleteStream(name: string): Promise<void>
  /** Removes what has outlived its stream's retention period; done every minute anyway. */
  trim(): Promise<void>
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
  /** How often a stream's UpdateShardCount may be called in a rolling day (AWS: ten times). */
  scalingsADay?: number
}

type Catalogue = { boot: number; streams: StreamRecord[] }

const trimEveryMs = 60_000

/** Opens the engine, recovering every log. Throws when the folder cannot be read or written. */
export const openKinesis = async ({
  folder,
  limits,
  now,
  log = () => {},
  changeMs = 200,
  scalingsADay = 10,
}: KinesisOptions): Promise<Kinesis> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'streams.json')
  const kept = await readCatalogue(path)
  const boot = kept.boot + 1
  const streams = new Map<string, Stream>()

  // One at a time: a catalogue that was overtaken by a later one must not replace it.
  const inTurn = turns()
  const save = (): Promise<void> =>
    inTurn(() => {
      const catalogue: Catalogue = { boot, streams: [...streams.values()].map((stream) => stream.record()) }
      return replaceFile(path, JSON.stringify(catalogue, null, 2))
    })

  const commits = groupCommit()
  const staging = stagingBudget()
  const options = { folder, boot, limits, now, log, commits, staging, changeMs, save }
  for (const record of kept.streams)
    streams.set(record.name, await openStream(record, { status: 'UPDATING', endsAt: 0 }, options))
  await save() // the boot number must be durable before a sequence number is made of it

  const trim = async (): Promise<void> => {
    for (const stream of streams.values())
      await stream
        .trim()
        .catch((error: unknown) =>
          log(
            `what ${stream.name} need not keep any more could not be removed and will be tried again`,
            error,
          ),
        )
  }
  let trimming: Promise<void> = Promise.resolve()
  const trimmer = setInterval(() => {
    trimming = trimming.then(trim)
  }, trimEveryMs)
  trimmer.unref()

  return {
    scalingsADay,
    stream: (name) => streams.get(name),
    streams: () => [...streams.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    createStream: async (name, shardCount, mode = 'PROVISIONED', tags = {}) => {
      const shards = evenRanges(shardCount).map((range, index) => ({ index, range }))
      const record = { ...defaultSettings, name, mode, tags, createdAt: now(), shards }
      // What a deletion that was interrupted may have left.
      await rm(streamFolder(folder, name), { recursive: true, force: true })
      const stream = await openStream(record, { status: 'CREATING', endsAt: now() + changeMs }, options)
      streams.set(name, stream)
      await save()
      return stream
    },
    deleteStream: async (name) => {
      const stream = streams.get(name)
      streams.delete(name)
      await save()
      await stream?.close()
      await rm(streamFolder(folder, name), { recursive: true, force: true })
    },
    trim,
    close: async () => {
      clearInterval(trimmer)
      await trimming
      await Promise.all([...streams.values()].map((stream) => stream.close()))
    },
  }
}

const readCatalogue = async (path: string): Promise<Catalogue> => {
  try {
    const { boot, streams }: Catalogue = JSON.parse(await readFile(path, 'utf8'))
    // A folder may be from before there was a setting.
    return { boot, streams: streams.map((stream) => ({ ...defaultSettings, ...stream })) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { boot: 0, streams: [] }
    throw new Error(`${path} cannot be read`, { cause: error })
  }
}
