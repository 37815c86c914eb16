import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import {
  expiresAttribute,
  headsSortKey,
  ledgerKey,
  partIndexKey,
  partSortKey,
  pollsKey,
} from '../../ingest/count-table.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import type { Heads } from '../archive-line.ts'
import { dynamoCountStore } from '../count.store.ts'
import { readLedgers, readShardIds } from '../ledgers.store.ts'
import { readPart, type SealedPart } from '../part.ts'
import type { ExportStore } from './export-parts.ts'
import type { Outbox } from './outbox.ts'

export type OutboxOptions = {
  /** Attribute, and index, of the parts that the sink has not had. */
  attribute: string
  /** Attributes of sinks that there are not; their marks go with ours. */
  unused?: readonly string[]
  /**
   * How long an item is kept when this sink has had it, in days; for ever without it. Another sink that is down for longer
   * loses the item: a time series takes nothing that old anyway.
   */
  keepDays?: number
  /** Epoch ms. */
  now: () => number
}

const dayMs = 86_400_000

/** A sink's outbox in the count table. */
export const dynamoOutbox = (
  client: DynamoDBClient,
  TableName: string,
  { attribute, unused = [], keepDays, now }: OutboxOptions,
): Outbox => {
  const keyOf = (shardId: string, part: number) => marshall({ PK: ledgerKey(shardId), SK: partSortKey(part) })
  const removed = [attribute, ...unused]
  const names = Object.fromEntries(removed.map((name, at) => [`#${at}`, name]))
  const remove = `REMOVE ${Object.keys(names).join(', ')}`

  return {
    unsent: async function* () {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: attribute,
          KeyConditionExpression: '#unsent = :part',
          ExpressionAttributeNames: { '#unsent': attribute },
          ExpressionAttributeValues: marshall({ ':part': partIndexKey }),
        },
      )
      for await (const { Items = [] } of pages) yield Items.map((item) => toPart(unmarshall(item)))
    },
    isSent: async (shardId, part) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(shardId, part), ConsistentRead: true }),
      )
      // A part is written before the next one can be sealed: one that is not there any more has expired, so it was sent.
      return Item?.[attribute] === undefined
    },
    markSent: async ({ shardId, number }) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(shardId, number),
          ConditionExpression: 'attribute_exists(PK)',
          ...(keepDays === undefined
            ? { UpdateExpression: remove, ExpressionAttributeNames: names }
            : {
                UpdateExpression: `${remove} SET #expires = :expires`,
                ExpressionAttributeNames: { ...names, '#expires': expiresAttribute },
                ExpressionAttributeValues: marshall({
                  ':expires': Math.ceil((now() + keepDays * dayMs) / 1000),
                }),
              }),
        }),
      )
    },
  }
}

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

const toPart = (item: Record<string, unknown>): SealedPart => {
  const { bytes, hash, previous } = item as Pick<SealedPart, 'bytes' | 'hash' | 'previous'>
  const { shardId, part } = readPart({ bytes })
  return { shardId, number: part, bytes, hash, previous }
}
