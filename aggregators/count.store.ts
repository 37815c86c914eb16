import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import {
  ledgerKey,
  partChain,
  partIndexKey,
  partSortKey,
  shardsKey,
  unsentIndex,
  unwrittenIndex,
} from '../ingest/count-table.ts'
import { pollStore } from '../ingest/poll.store.ts'
import type { CountStore } from './count-store.ts'
import { fromLedgerItem, ledgerItemKey, toLedgerItem } from './ledger-item.ts'
import { readPart } from './part.ts'

/** The count store in DynamoDB. */
export const dynamoCountStore = (client: DynamoDBClient, TableName: string): CountStore => {
  const { readPolls, joinPoll, voidPending, untilNow } = pollStore(client, TableName)

  /** Whether the put was made; its condition not holding is an answer, everything else is thrown. */
  const putIf = async (input: Omit<PutItemCommandInput, 'TableName'>): Promise<boolean> => {
    try {
      await client.send(new PutItemCommand({ TableName, ...input }))
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  /** The part that this process wrote last, by shard: a ledger names it until its next put, and it need not be tried again. */
  const written = new Map<string, number>()

  return {
    readPolls,
    joinPoll,
    voidPending,
    untilNow,
    readLedger: async (shardId) => {
      const read = new GetItemCommand({ TableName, Key: ledgerItemKey(shardId), ConsistentRead: true })
      const { Item } = await client.send(read)
      return Item && fromLedgerItem(Item)
    },
    putLedger: (ledger) => {
      const Item = toLedgerItem(ledger)
      if (ledger.revision === 1) return putIf({ Item, ConditionExpression: 'attribute_not_exists(PK)' })
      return putIf({
        Item,
        ConditionExpression: 'revision = :read',
        ExpressionAttributeValues: { ':read': { N: String(ledger.revision - 1) } },
      })
    },
    addShard: async (shardId) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall({ PK: shardsKey, SK: shardsKey }),
          UpdateExpression: 'ADD shards :shards',
          ExpressionAttributeValues: marshall({ ':shards': new Set([shardId]) }),
        }),
      )
    },
    writePart: async (part) => {
      const { shardId, number, bytes, hash, previous } = part
      if (written.get(shardId) === number) return
      const { window } = readPart(part)
      const SK = partSortKey(number)
      await putIf({
        Item: marshall({
          PK: ledgerKey(shardId),
          SK,
          bytes,
          hash,
          previous,
          start: window.start,
          timeline: partIndexKey,
          [unsentIndex]: partIndexKey,
          [unwrittenIndex]: partIndexKey,
          chain: partChain(shardId, number),
        }),
        ConditionExpression: 'attribute_not_exists(PK)',
      })
      written.set(shardId, number)
    },
  }
}
