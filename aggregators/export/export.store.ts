import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { headsSortKey, pollsKey } from '../../ingest/count-table.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import type { Heads } from '../archive-line.ts'
import { dynamoCountStore } from '../count.store.ts'
import { readLedgers, readShardIds } from '../ledgers.store.ts'
import type { ExportStore } from './export-parts.ts'

/** What exporting needs of the count store, in DynamoDB. */
export const dynamoExportStore = (client: DynamoDBClient, TableName: string): ExportStore => {
  const { readPoll, readPollsWithout, markExported } = pollStore(client, TableName)
  const key = (pollId: string) => marshall({ PK: pollsKey, SK: headsSortKey(pollId) })
  const readHeads = async (pollId: string): Promise<Heads | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: key(pollId), ConsistentRead: true }),
    )
    return Item && (unmarshall(Item).heads as Heads)
  }
  return {
    ...dynamoCountStore(client, TableName),
    readPoll,
    readPollsWithout,
    markExported,
    readHeads,
    writeHeads: async (pollId, heads) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...key(pollId), ...marshall({ heads }) },
            ConditionExpression: 'attribute_not_exists(PK)',
          }),
        )
        return heads
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        const first = await readHeads(pollId)
        if (first === undefined) throw new Error(`the heads of poll ${pollId} are there and cannot be read`)
        return first
      }
    },
    readAllLedgers: async () => readLedgers(client, TableName, await readShardIds(client, TableName)),
  }
}
