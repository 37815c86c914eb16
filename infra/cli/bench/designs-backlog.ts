import { writeEnvelope } from '../../../ingest/envelope.ts'
import { voteKey } from '../../../ingest/partition-key.ts'
import { type Counts, optionIds } from '../../../load/bench/designs.ts'
import { hashToDecimal } from '../../local/kinesis/hash-key.ts'
import type { Stream } from '../../local/kinesis/stream.ts'

/** Records that wait for the disk at once. */
const atOnce = 5000

/** Puts every vote into the stream as the gateway would, one a record; the shards get equally many, of every option. */
export const fillBacklog = async (stream: Stream, poll: string, cast: Counts): Promise<void> => {
  const hashKeys = stream.shards.map(({ range }) => hashToDecimal(range.start))
  let waiting: Promise<void>[] = []
  for (const [at, option] of votesOf(cast).entries()) {
    const data = writeEnvelope(poll, Date.now(), [{ option }])
    const key = voteKey(String(at).padStart(16, '0'))
    const put = stream.put(key, data, hashKeys[shardOf(at, hashKeys.length)])
    if ('throttled' in put) throw new Error(`${put.throttled} refused a vote without any limit`)
    waiting.push(put.durable)
    if (waiting.length < atOnce) continue
    await Promise.all(waiting)
    waiting = []
  }
  await Promise.all(waiting)
}

/**
 * The shard of a backlog's vote number `at`: the shards take turns, and who gets which option goes round. As many votes as
 * shards leave none empty.
 */
export const shardOf = (at: number, shards: number): number =>
  (at + Math.floor(at / (shards * optionIds.length))) % shards

/** One vote for each option, then another, until all are cast. */
const votesOf = (cast: Counts): string[] =>
  Object.entries(cast)
    .flatMap(([option, votes]) => Array.from({ length: votes }, (_, round) => ({ option, round })))
    .sort((left, right) => left.round - right.round)
    .map(({ option }) => option)
