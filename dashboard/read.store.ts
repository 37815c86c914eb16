import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb'
import { type KinesisClient, ListShardsCommand, type Shard } from '@aws-sdk/client-kinesis'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Ledger } from '../aggregators/ledger.ts'
import { fromLedgerItem, ledgerItemKey } from '../aggregators/ledger-item.ts'
import { readPart } from '../aggregators/part.ts'
import { partIndexKey, shardsKey, timelineIndex } from '../ingest/count-table.ts'
import { pollStore } from '../ingest/poll.store.ts'
import type { Order, ReadStore, Span } from './read-store.ts'

export type ReadClients = { dynamo: DynamoDBClient; kinesis: KinesisClient; cloudWatch: CloudWatchClient }
export type ReadNames = { table: string; stream: string; aggregator: string }

/** BatchGetItem takes this many keys (DynamoDB quotas). */
const maxBatchKeys = 100

export const awsReadStore = ({ dynamo, kinesis, cloudWatch }: ReadClients, names: ReadNames): ReadStore => {
  const { readPolls, readPoll } = pollStore(dynamo, names.table)
  return {
    readPolls,
    readPoll,
    readLedgers: async (shardIds) => {
      const batches = Array.from({ length: Math.ceil(shardIds.length / maxBatchKeys) }, (_, at) =>
        shardIds.slice(at * maxBatchKeys, (at + 1) * maxBatchKeys),
      )
      return (await Promise.all(batches.map((batch) => readBatch(dynamo, names.table, batch)))).flat()
    },
    readShardIds: async () => {
      const Key = marshall({ PK: shardsKey, SK: shardsKey })
      const { Item } = await dynamo.send(
        new GetItemCommand({ TableName: names.table, Key, ConsistentRead: true }),
      )
      return Item ? [...(unmarshall(Item).shards as Set<string>)].sort() : []
    },
    readParts: (span, order) => readParts(dynamo, names.table, span, order),
    readShardStates: async () => {
      const shards = await listShards(kinesis, names.stream)
      return new Map(
        shards.map(({ ShardId = '', SequenceNumberRange }) => [
          ShardId,
          { open: SequenceNumberRange?.EndingSequenceNumber === undefined },
        ]),
      )
    },
    readIteratorAge: () => readIteratorAge(cloudWatch, names.aggregator),
  }
}

/** What a batch answer leaves out is asked for again, more and more slowly, this often at most. */
const maxBatchRounds = 8

const readBatch = async (
  dynamo: DynamoDBClient,
  table: string,
  shardIds: readonly string[],
): Promise<Ledger[]> => {
  const ledgers: Ledger[] = []
  let Keys = shardIds.map((id): Record<string, { S: string }> => ledgerItemKey(id))
  for (let round = 0; Keys.length > 0; round += 1) {
    if (round === maxBatchRounds) throw new Error(`${table} did not answer for ${Keys.length} ledgers`)
    if (round > 0) await new Promise((resume) => setTimeout(resume, 25 * 2 ** round))
    const request = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } })
    const { Responses, UnprocessedKeys } = await dynamo.send(request)
    for (const item of Responses?.[table] ?? []) ledgers.push(fromLedgerItem(item))
    Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys
  }
  return ledgers
}

const listShards = async (kinesis: KinesisClient, StreamName: string): Promise<Shard[]> => {
  const shards: Shard[] = []
  let NextToken: string | undefined
  do {
    // A page is asked for by its token alone (ListShards).
    const page = await kinesis.send(
      new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }),
    )
    shards.push(...(page.Shards ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return shards
}

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
