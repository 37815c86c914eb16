import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb'
import { pollsKey } from './count-table.ts'

/** An item without its keys and types: plain values. */
export type Item = Record<string, NativeAttributeValue>

/** A conditional write on one item. */
export type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>

/** The items beside one another under the polls' key, by sort key. */
export type PollItems = {
  /** Read consistently. */
  read(SK: string): Promise<Item | undefined>
  /** @returns whether it was put now */
  putUnlessThere(SK: string, item: Item): Promise<boolean>
  /** @returns the item as it then stands, whether the condition held or not */
  update(SK: string, change: Change): Promise<Item | undefined>
}

export const pollItems = (client: DynamoDBClient, TableName: string): PollItems => {
  const keyOf = (SK: string) => marshall({ PK: pollsKey, SK })

  /** `undefined` where the condition did not hold. */
  const ifHolds = async <T>(write: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await write()
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined
      throw error
    }
  }

  const read: PollItems['read'] = async (SK) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(SK), ConsistentRead: true }),
    )
    return Item && unmarshall(Item)
  }

  return {
    read,
    putUnlessThere: async (SK, item) => {
      const Item = { ...keyOf(SK), ...marshall(item) }
      const put = new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(PK)' })
      return (await ifHolds(() => client.send(put))) !== undefined
    },
    update: async (SK, change) => {
      const update = new UpdateItemCommand({ TableName, Key: keyOf(SK), ...change, ReturnValues: 'ALL_NEW' })
      const answer = await ifHolds(() => client.send(update))
      return answer?.Attributes ? unmarshall(answer.Attributes) : read(SK)
    },
  }
}
