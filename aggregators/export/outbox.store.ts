import {
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { expiresAttribute, ledgerKey, partIndexKey, partSortKey } from '../../ingest/count-table.ts'
import { readPart, type SealedPart } from '../part.ts'
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

const toPart = (item: Record<string, unknown>): SealedPart => {
  const { bytes, hash, previous } = item as Pick<SealedPart, 'bytes' | 'hash' | 'previous'>
  const { shardId, part } = readPart({ bytes })
  return { shardId, number: part, bytes, hash, previous }
}
