import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis'
import { type Sample, sampleOf } from '../../../load/shards/heat-finding.ts'

/** Records that arrived so lately, ms, are the newest. */
const backMs = 5_000

/** Enough to tell a key that makes half of them. It shares the shard's 5 reads and 2 MB a second with the aggregator. */
const maxRecords = 1_000

/** The partition keys of a shard's newest records, by one read. One that fails is no reason to show nothing. */
export const sampleShard = async (
  client: KinesisClient,
  StreamName: string,
  ShardId: string,
  now: number,
): Promise<Sample> => {
  try {
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: new Date(now - backMs),
      }),
    )
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: maxRecords }))
    return sampleOf(Records.map(({ PartitionKey = '' }) => PartitionKey))
  } catch (error) {
    return { failed: (error as Error).message }
  }
}
