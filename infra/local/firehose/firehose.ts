import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kinesis } from '../kinesis/kinesis.ts'
import { groupCommit } from '../kinesis/log/group-commit.ts'
import { stagingBudget } from '../kinesis/log/shard-log.ts'
import type { Log } from '../log-file.ts'
import { readCatalogue, writeCatalogue } from './catalogue.ts'
import type { Buffering } from './delivery.ts'
import {
  type DeliveryStreamDefinition,
  type DeliveryStreamRecord,
  functionName,
  sourceStreamName,
} from './delivery-stream.ts'
import { deliveryWorker } from './delivery-worker.ts'
import {
  type DeliveryStream,
  type RunningDeliveryStream,
  recordOf,
  startDeliveryStream,
} from './running-delivery-stream.ts'

/** The embedded Firehose: delivery streams kept under one folder. */
export type Firehose = {
  deliveryStream(name: string): DeliveryStream | undefined
  /** By name, ascending. */
  deliveryStreams(): DeliveryStream[]
  /** What a definition names that is not here: its source stream or its function. */
  missing(definition: DeliveryStreamDefinition): string | undefined
  /** The name must be free and nothing missing (checked by who calls this). */
  createDeliveryStream(definition: DeliveryStreamDefinition): Promise<DeliveryStream>
  /** Deletes it with what it has not delivered; its objects stay. */
  deleteDeliveryStream(name: string): Promise<void>
  /** Delivers what is buffered, for some seconds at most, and stops. To be called while the source streams are open. */
  close(): Promise<void>
}

export type FirehoseOptions = {
  /** Its own files. */
  folder: string
  /** What stands for S3, a folder per bucket; on the same disk as `folder`. */
  bucketsFolder: string
  /** Where the source streams are. */
  kinesis: Pick<Kinesis, 'stream'>
  /** Module of each function that may transform, by function name: an absolute `file:` URL. */
  handlers: Record<string, string>
  /** The functions' whole environment. */
  environment: Record<string, string>
  /** Of one batch: the function's time-out, the writing included. */
  timeoutMs: number
  /** Epoch ms. */
  now: () => number
  log: Log
  /** Takes what the functions print. */
  handlerLog: (text: string) => void
  buffering?: Buffering
  /** How long `close` may deliver. */
  flushMs?: number
}

/** AWS's smallest hints are 1 MiB and, since zero buffering, 0 s. */
const shortBuffering: Buffering = { bytes: 1024 * 1024, ms: 1000 }

/** Opens the engine and goes on delivering. Throws when the folder cannot be read or written. */
export const openFirehose = async (options: FirehoseOptions): Promise<Firehose> => {
  const { folder, kinesis, handlers, now, flushMs = 5000 } = options
  const unfinishedFolder = join(folder, 'unfinished')
  await rm(unfinishedFolder, { recursive: true, force: true })
  await mkdir(unfinishedFolder, { recursive: true })
  const path = join(folder, 'streams.json')
  const kept = await readCatalogue(path)
  const boot = kept.boot + 1
  const worker = deliveryWorker(options)
  const shared = {
    ...options,
    boot,
    buffering: options.buffering ?? shortBuffering,
    unfinishedFolder,
    worker,
    commits: groupCommit(),
    staging: stagingBudget(),
  }
  const running = new Map<string, RunningDeliveryStream>()
  /** The prefix keeps apart from other files a name that a user chose; it may be `..` too. */
  const folderOf = (name: string): string => join(folder, 'streams', `of-${name}`)

  const save = (): Promise<void> =>
    writeCatalogue(path, { boot, deliveryStreams: [...running.values()].map(recordOf) })

  const start = async (record: DeliveryStreamRecord): Promise<DeliveryStream> => {
    const started = await startDeliveryStream(record, { ...shared, folder: folderOf(record.name) })
    running.set(record.name, started)
    return started.deliveryStream
  }

  for (const record of kept.deliveryStreams) await start(record)
  await save() // the boot number must be durable before a record id is made of it

  return {
    deliveryStream: (name) => running.get(name)?.deliveryStream,
    deliveryStreams: () =>
      [...running.values()]
        .map(({ deliveryStream }) => deliveryStream)
        .sort((left, right) => (left.name < right.name ? -1 : 1)),
    missing: ({ source, processor }) => {
      if (source && kinesis.stream(sourceStreamName(source.streamArn)) === undefined)
        return `the stream ${source.streamArn}`
      if (processor && handlers[functionName(processor.functionArn)] === undefined)
        return `the function ${processor.functionArn}`
      return undefined
    },
    createDeliveryStream: async (definition) => {
      // What a deletion that was interrupted may have left.
      await rm(folderOf(definition.name), { recursive: true, force: true })
      const deliveryStream = await start({ ...definition, createdAt: now() })
      await save()
      return deliveryStream
    },
    deleteDeliveryStream: async (name) => {
      const deleted = running.get(name)
      running.delete(name)
      await save()
      await deleted?.stop(0)
      await rm(folderOf(name), { recursive: true, force: true })
    },
    close: async () => {
      // A function that hangs, or a disk that is slow, is cut off when the time is over.
      const cut = setTimeout(() => void worker.close(), flushMs)
      const stopped = await Promise.allSettled([...running.values()].map(({ stop }) => stop(flushMs)))
      clearTimeout(cut)
      await worker.close()
      const failures = stopped.filter((result) => result.status === 'rejected')
      if (failures.length > 0)
        throw new AggregateError(
          failures.map(({ reason }) => reason),
          'Not every delivery stream could be closed.',
        )
    },
  }
}
