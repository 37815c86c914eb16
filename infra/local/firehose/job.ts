import type { Piece } from './batch.ts'
import type { DeliveryJob } from './delivery-job.ts'
import { bucketName, type DeliveryStreamRecord, deliveryStreamArn, functionName } from './delivery-stream.ts'

export type JobSurroundings = {
  bucketsFolder: string
  unfinishedFolder: string
  timeoutMs: number
  now: () => number
}

/** What the worker is to do with a batch of a delivery stream. */
export const deliveryJob = (
  { name, source, processor, destination }: DeliveryStreamRecord,
  pieces: readonly Piece[],
  { bucketsFolder, unfinishedFolder, timeoutMs, now }: JobSurroundings,
): DeliveryJob => ({
  deliveryStreamArn: deliveryStreamArn(name),
  ...(source ? { sourceStreamArn: source.streamArn } : {}),
  ...(processor ? { functionName: functionName(processor.functionArn) } : {}),
  timeoutMs,
  readAt: now(),
  pieces: pieces.map(({ shard, bytes }) => ({
    shardId: shard.id,
    sequencePrefix: shard.prefix,
    frames: bytes,
  })),
  object: {
    bucketsFolder,
    unfinishedFolder,
    bucket: bucketName(destination.bucketArn),
    prefix: destination.prefix,
    deliveryStreamName: name,
    compression: destination.compression,
  },
})
