import { setTimeout as sleep } from 'node:timers/promises'
import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis'
import { type Sample, sampleOf } from '../../../load/shards/heat-finding.ts'

/** Records that arrived so lately, ms, are the newest. */
const backMs = 5_000

/** Enough to tell a key that makes half of them. It shares the shard's 5 reads and 2 MB a second with the aggregator. */
const maxRecords = 1_000

/** AWS answers without records as well where they are further on: it is asked again, so often and so far apart, ms. */
const maxReads = 8
const pauseMs = 300

/** The partition keys of a shard's newest records. A read that fails is no reason to show nothing. */
export const sampleShard = async (
  client: Pick<KinesisClient, 'send'>,
  StreamName: string,
  ShardId: string,
  now: number,
  pause: () => Promise<unknown> = () => sleep(pauseMs),
): Promise<Sample> => {
  try {
    const start = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: new Date(now - backMs),
      }),
    )
    let iterator = start.ShardIterator
    for (let reads = 1; ; reads += 1) {
      const read = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: maxRecords }))
      const { Records = [], MillisBehindLatest, NextShardIterator } = read
      const isEnd = MillisBehindLatest === 0 || NextShardIterator === undefined
      if (Records.length > 0 || isEnd || reads === maxReads)
        return sampleOf(Records.map(({ PartitionKey = '' }) => PartitionKey))
      iterator = NextShardIterator
      await pause()
    }
  } catch (error) {
    return { failed: (error as Error).message }
  }
}
