import type { Kinesis } from '../kinesis/kinesis.ts'
import type { ShardLog } from '../kinesis/log/shard-log.ts'
import { sourceStreamName } from './delivery-stream.ts'

/** One log that a delivery stream reads: a shard of its Kinesis stream, or its own log of what was put to it. */
export type SourceShard = {
  /** Tells it from every other shard of this source, also from those of a stream deleted and made again. */
  key: string
  id: string
  /** What its sequence numbers begin with. */
  prefix: string
  log: Pick<ShardLog, 'read' | 'start' | 'end'>
  /** Forgets records that arrived before `arrival` (epoch ms); where that is the reader's to decide. */
  trim?(arrival: number): Promise<void>
}

/** The shards as they are now: splits and merges add some, retention takes some away. */
export type Source = () => SourceShard[]

/** A Kinesis stream in this process; while it does not exist there is nothing to read. */
export const kinesisSource =
  (kinesis: Pick<Kinesis, 'stream'>, streamArn: string): Source =>
  () => {
    const stream = kinesis.stream(sourceStreamName(streamArn))
    if (stream === undefined) return []
    return stream.shards.map(({ id, prefix, log }) => ({
      key: `${stream.name}/${stream.createdAt}/${id}`,
      id,
      prefix,
      log,
    }))
  }
