/** What goes to the delivery worker: a batch of records, and where they are to be delivered. */
export type DeliveryJob = {
  deliveryStreamArn: string
  /** Only with a Kinesis source. */
  sourceStreamArn?: string
  /** The function that transforms the records; without one they are delivered as they are. */
  functionName?: string
  timeoutMs: number
  /** Epoch ms: when they were read, which is when they are delivered. */
  readAt: number
  pieces: JobPiece[]
  object: ObjectPlace
}

/** Whole frames of one shard's log, in memory that the worker takes over. */
export type JobPiece = { shardId: string; sequencePrefix: string; frames: Uint8Array }

/** Where an object comes to stand. Both folders are on one disk. */
export type ObjectPlace = {
  /** What stands for S3: a folder per bucket. */
  bucketsFolder: string
  /** Where an object is until it is whole. */
  unfinishedFolder: string
  bucket: string
  prefix: string
  deliveryStreamName: string
  compression: 'GZIP' | 'UNCOMPRESSED'
}

/** Delivered means durable. */
export type DeliveryResult = { ok: true } | { ok: false; error: string }

export type DeliveryWorkerSettings = { handlers: Record<string, string> }
