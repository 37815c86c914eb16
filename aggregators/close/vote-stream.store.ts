import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  PutRecordsCommand,
  ResourceNotFoundException,
  type Shard,
  type ShardFilter,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis'
import { controlKey } from '../../ingest/partition-key.ts'
import { isOpen, listShards } from '../../ingest/shards.store.ts'
import type { Beyond, StreamShard, VoteStream } from './vote-stream.ts'

/** PutRecords takes 500 records and 10 MiB, partition keys included (API reference); a little is left for those. */
const maxRecords = 500
const maxBytes = 9 * 1024 * 1024

const hourMs = 3_600_000

/** The stream of votes in Kinesis. */
export const kinesisVoteStream = (client: KinesisClient, StreamName: string): VoteStream => ({
  listShards: async () => (await listShards(client, StreamName)).map(toStreamShard),

  putControl: async (shards, data) => {
    const taken: string[] = []
    const bytes = Buffer.from(data)
    const atOnce = Math.min(maxRecords, Math.max(1, Math.floor(maxBytes / bytes.length)))
    for (let at = 0; at < shards.length; at += atOnce) {
      const Records = shards.slice(at, at + atOnce).map(({ startingHashKey }) => ({
        Data: bytes,
        PartitionKey: controlKey,
        ExplicitHashKey: startingHashKey,
      }))
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records }))
      // Where it went is what counts: a shard that was split since it was listed has let a child have it.
      for (const { ShardId } of answer.Records ?? []) if (ShardId !== undefined) taken.push(ShardId)
    }
    return taken
  },

  lookBeyond: async (ShardId, sequenceNumber) => {
    try {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({
          StreamName,
          ShardId,
          ...(sequenceNumber === '0'
            ? { ShardIteratorType: 'TRIM_HORIZON' }
            : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: sequenceNumber }),
        }),
      )
      return await readOn(client, ShardIterator)
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return 'gone'
      throw error
    }
  },

  bornSince: async (time) => {
    const idsBy = async (filter?: ShardFilter): Promise<string[]> =>
      (await listShards(client, StreamName, filter)).map(({ ShardId = '' }) => ShardId)
    const { StreamCreationTimestamp } = await summaryOf(client, StreamName)
    // A stream is not asked about a time when there was none.
    if (StreamCreationTimestamp !== undefined && StreamCreationTimestamp.getTime() > time)
      return new Set(await idsBy())
    const Timestamp = new Date(time)
    const lived = await idsBy({ Type: 'FROM_TIMESTAMP', Timestamp }) // open then, or born since
    const open = new Set(await idsBy({ Type: 'AT_TIMESTAMP', Timestamp }))
    return new Set(lived.filter((id) => !open.has(id)))
  },

  retentionMs: async () => {
    const { RetentionPeriodHours } = await summaryOf(client, StreamName)
    if (RetentionPeriodHours === undefined) throw new Error(`${StreamName} did not tell its retention period`)
    return RetentionPeriodHours * hourMs
  },
})

const summaryOf = async (
  client: KinesisClient,
  StreamName: string,
): Promise<Partial<StreamDescriptionSummary>> => {
  const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName }))
  return answer.StreamDescriptionSummary ?? {}
}

const toStreamShard = (shard: Shard): StreamShard => ({
  id: shard.ShardId ?? '',
  open: isOpen(shard),
  startingHashKey: shard.HashKeyRange?.StartingHashKey ?? '0',
})

/** Reads on until a record comes, or the shard's end, or its present. An answer may be empty before either. */
const readOn = async (client: KinesisClient, first: string | undefined): Promise<Beyond> => {
  // At a shard's end there is no next iterator.
  for (let ShardIterator = first; ShardIterator; ) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }))
    if ((page.Records ?? []).length > 0) return 'records'
    if (page.NextShardIterator && page.MillisBehindLatest === 0) return 'present'
    ShardIterator = page.NextShardIterator
  }
  return 'end of shard'
}
