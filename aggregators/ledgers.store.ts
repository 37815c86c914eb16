import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { shardsKey } from '../ingest/count-table.ts'
import type { Ledger } from './ledger.ts'
import { fromLedgerItem, ledgerItemKey } from './ledger-item.ts'

/** BatchGetItem takes this many keys (DynamoDB quotas). */
const maxBatchKeys = 100

/** What a batch answer leaves out is asked for again, more and more slowly, this often at most. */
const maxBatchRounds = 8

/** The ledgers there are of these shards, read consistently. Rejects when the table leaves some unanswered. */
export const readLedgers = async (
  client: DynamoDBClient,
  table: string,
  shardIds: readonly string[],
): Promise<Ledger[]> => {
  const batches = Array.from({ length: Math.ceil(shardIds.length / maxBatchKeys) }, (_, at) =>
    shardIds.slice(at * maxBatchKeys, (at + 1) * maxBatchKeys),
  )
  return (await Promise.all(batches.map((batch) => readBatch(client, table, batch)))).flat()
}

/** Every shard that has, or had, a ledger. */
export const readShardIds = async (client: DynamoDBClient, TableName: string): Promise<string[]> => {
  const Key = marshall({ PK: shardsKey, SK: shardsKey })
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
  return Item ? [...(unmarshall(Item).shards as Set<string>)].sort() : []
}

const readBatch = async (
  client: DynamoDBClient,
  table: string,
  shardIds: readonly string[],
): Promise<Ledger[]> => {
  const ledgers: Ledger[] = []
  let Keys = shardIds.map((id): Record<string, { S: string }> => ledgerItemKey(id))
  for (let round = 0; Keys.length > 0; round += 1) {
    if (round === maxBatchRounds) throw new Error(`${table} did not answer for ${Keys.length} ledgers`)
    if (round > 0) await new Promise((resume) => setTimeout(resume, 25 * 2 ** round))
    const request = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } })
    const { Responses, UnprocessedKeys } = await client.send(request)
    for (const item of Responses?.[table] ?? []) ledgers.push(fromLedgerItem(item))
    Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys
  }
  return ledgers
}
