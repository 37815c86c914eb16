import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'

/** Plain counters, one item per option, as the designs that Placar is compared with keep them. */
export type VoteCounts = {
  /** Adds, whatever was added before: a request that writes. */
  add(poll: string, option: string, votes: number): Promise<void>
  /** Votes by option, read consistently. */
  read(poll: string): Promise<Record<string, number>>
}

const keyOf = (poll: string): string => `COUNTS#${poll}`

export const voteCounts = (client: DynamoDBClient, TableName: string): VoteCounts => ({
  add: async (poll, option, votes) => {
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: marshall({ PK: keyOf(poll), SK: option }),
        UpdateExpression: 'ADD votes :votes',
        ExpressionAttributeValues: marshall({ ':votes': votes }),
      }),
    )
  },
  read: async (poll) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'PK = :key',
        ExpressionAttributeValues: marshall({ ':key': keyOf(poll) }),
      }),
    )
    return Object.fromEntries(Items.map((item) => unmarshall(item)).map(({ SK, votes }) => [SK, votes]))
  },
})
