import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { readLedgers, readShardIds } from '../aggregators/ledgers.store.ts'
import { readPart } from '../aggregators/part.ts'
import { partIndexKey, timelineIndex } from '../ingest/count-table.ts'
import { pollStore } from '../ingest/poll.store.ts'
import { isOpen, listShards } from '../ingest/shards.store.ts'
import type { Order, ReadStore, Span } from './read-store.ts'

export type ReadClients = { dynamo: DynamoDBClient; kinesis: KinesisClient; cloudWatch: CloudWatchClient }
export type ReadNames = { table: string; stream: string; aggregator: string }

export const awsReadStore = ({ dynamo, kinesis, cloudWatch }: ReadClients, names: ReadNames): ReadStore => {
  const { readPolls, readPoll } = pollStore(dynamo, names.table)
  return {
    readPolls,
    readPoll,
    readLedgers: (shardIds) => readLedgers(dynamo, names.table, shardIds),
    readShardIds: () => readShardIds(dynamo, names.table),
    readParts: (span, order) => readParts(dynamo, names.table, span, order),
    readShardStates: async () => {
      const shards = await listShards(kinesis, names.stream)
      return new Map(
        shards.map((shard) => [shard.ShardId ?? '', { open: isOpen(shard), parents: parentsOf(shard) }]),
      )
    },
    readIteratorAge: () => readIteratorAge(cloudWatch, names.aggregator),
  }
}

const parentsOf = ({ ParentShardId, AdjacentParentShardId }: Shard): string[] =>
  [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined)

async function* readParts(client: DynamoDBClient, TableName: string, { from, to }: Span, order: Order) {
  // BETWEEN includes both its bounds, and refuses an empty span.
  const last = (to ?? Number.MAX_SAFE_INTEGER) - 1
  if (last < from) return
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: timelineIndex,
      KeyConditionExpression: 'timeline = :part AND #start BETWEEN :from AND :last',
      ExpressionAttributeNames: { '#start': 'start' },
      ExpressionAttributeValues: marshall({ ':part': partIndexKey, ':from': from, ':last': last }),
      ScanIndexForward: order === 'oldest first',
    },
  )
  for await (const { Items = [] } of pages)
    yield Items.map((item) => readPart({ bytes: String(unmarshall(item).bytes) }))
}

/** Lambda's `IteratorAge`, newest value of the last minutes. AWS publishes it about once a minute. */
const readIteratorAge = async (
  cloudWatch: CloudWatchClient,
  functionName: string,
): Promise<number | null> => {
  const now = Date.now()
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 5 * 60_000),
      EndTime: new Date(now + 60_000),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        {
          Id: 'age',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'IteratorAge',
              Dimensions: [{ Name: 'FunctionName', Value: functionName }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        },
      ],
    }),
  )
  return MetricDataResults?.[0]?.Values?.[0] ?? null
}
