import { parseSequenceNumber, type SequenceParts } from '../sequence-number.ts'
import type { Shard } from '../shard.ts'
import type { Stream } from '../stream.ts'

/** A sequence number taken apart, with the shard of this stream that gave it. */
export type OwnSequenceNumber = { shard: Shard; parts: SequenceParts }

/** The shard of this stream that a sequence number belongs to; `undefined` when it belongs to none of them. */
export const shardOfSequenceNumber = (stream: Stream, text: string): OwnSequenceNumber | undefined => {
  for (const shard of stream.shards) {
    const parts = parseSequenceNumber(shard.prefix, text)
    if (parts) return { shard, parts }
  }
  return undefined
}
