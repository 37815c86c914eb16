import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kinesis } from '../kinesis/kinesis.ts'
import type { GroupCommit } from '../kinesis/log/group-commit.ts'
import type { StagingBudget } from '../kinesis/log/shard-log.ts'
import { openCheckpoints } from '../lambda/checkpoints.ts'
import type { Log } from '../log-file.ts'
import { type Buffering, startDelivery } from './delivery.ts'
import { type DeliveryStreamRecord, deliveryStreamArn } from './delivery-stream.ts'
import type { DeliveryWorker } from './delivery-worker.ts'
import { type DirectLog, openDirectLog } from './direct-log.ts'
import { deliveryJob, type JobSurroundings } from './job.ts'
import { kinesisSource } from './source.ts'

/** A delivery stream, delivering. */
export type DeliveryStream = DeliveryStreamRecord & {
  arn: string
  /** Takes a record; absent where a Kinesis stream is the source. See `DirectLog`. */
  put?: DirectLog['put']
}

export type RunningDeliveryStream = {
  deliveryStream: DeliveryStream
  /** Delivers what is buffered, for `flushMs` at most, and closes its files. */
  stop(flushMs: number): Promise<void>
}

export type DeliveryStreamOptions = JobSurroundings & {
  /** Its own files: how far it has delivered, and what was put to it. */
  folder: string
  boot: number
  kinesis: Pick<Kinesis, 'stream'>
  worker: DeliveryWorker
  buffering: Buffering
  commits: GroupCommit
  staging: StagingBudget
  log: Log
}

/** Opens a delivery stream's files and begins to deliver. Throws when they cannot be read or written. */
export const startDeliveryStream = async (
  record: DeliveryStreamRecord,
  options: DeliveryStreamOptions,
): Promise<RunningDeliveryStream> => {
  const { name, source, createdAt } = record
  const { folder, worker, log } = options
  const own = source ? undefined : await openDirectLog({ ...options, folder: join(folder, 'log'), createdAt })
  await mkdir(folder, { recursive: true })
  const delivery = startDelivery({
    name,
    source: own ? () => [own.shard] : kinesisSource(options.kinesis, source?.streamArn ?? ''),
    deliver: (pieces) => worker.deliver(deliveryJob(record, pieces, options)),
    checkpoints: await openCheckpoints({
      path: join(folder, 'checkpoints.json'),
      settle: async () => {}, // an object is durable before a position moves
      log,
    }),
    buffering: options.buffering,
    log,
  })
  return {
    deliveryStream: { ...record, arn: deliveryStreamArn(name), ...(own ? { put: own.put } : {}) },
    stop: async (flushMs) => {
      await delivery.stop(flushMs)
      await own?.close()
    },
  }
}

/** What is kept of it. */
export const recordOf = ({ deliveryStream }: RunningDeliveryStream): DeliveryStreamRecord => {
  const { arn: _arn, put: _put, ...record } = deliveryStream
  return record
}
