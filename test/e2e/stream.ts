import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import type { Placar } from './placar.ts'

const StreamName = 'placar-votes'

const clientOf = ({ awsEndpoint }: Pick<Placar, 'awsEndpoint'>): KinesisClient =>
  new KinesisClient({
    endpoint: awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })

export type StoredRecord = { shardId: string; sequenceNumber: string; partitionKey: string; data: string }

/** Every record in the stream, through the real API, each shard's in order. */
export const readStream = async (placar: Pick<Placar, 'awsEndpoint'>): Promise<StoredRecord[]> => {
  const client = clientOf(placar)
  const found: StoredRecord[] = []
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }))
  for (const { ShardId = '' } of Shards) {
    const first = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(first))
    for (let behind = 1; ShardIterator && behind > 0; ) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator }))
      for (const { SequenceNumber = '', PartitionKey = '', Data = new Uint8Array() } of page.Records ?? [])
        found.push({
          shardId: ShardId,
          sequenceNumber: SequenceNumber,
          partitionKey: PartitionKey,
          data: Buffer.from(Data).toString(),
        })
      ShardIterator = page.NextShardIterator
      behind = page.Records?.length ? 1 : (page.MillisBehindLatest ?? 0)
    }
  }
  client.destroy()
  return found
}

/** Puts records of any content, as another producer could. */
export const putRecords = async (
  placar: Pick<Placar, 'awsEndpoint'>,
  data: readonly string[],
): Promise<void> => {
  const client = clientOf(placar)
  const Records = data.map((text, at) => ({ Data: Buffer.from(text), PartitionKey: `v-${at}` }))
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }))
  client.destroy()
  if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were not taken`)
}
