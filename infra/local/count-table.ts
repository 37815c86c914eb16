import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { timelineIndex, unsentIndex, unwrittenIndex } from '../../ingest/count-table.ts'

const all = { ProjectionType: 'ALL' } as const

/** The parts that one sink has not had yet; the index is named after the attribute that they have until then. */
const outbox = (attribute: string): GlobalSecondaryIndex => ({
  IndexName: attribute,
  KeySchema: [
    { AttributeName: attribute, KeyType: 'HASH' },
    { AttributeName: 'chain', KeyType: 'RANGE' },
  ],
  Projection: all,
})

/** The count store's table (design, section 6), on demand. */
const definition = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'PK', AttributeType: 'S' },
    { AttributeName: 'SK', AttributeType: 'S' },
    { AttributeName: unsentIndex, AttributeType: 'S' },
    { AttributeName: unwrittenIndex, AttributeType: 'S' },
    { AttributeName: 'chain', AttributeType: 'S' },
    { AttributeName: 'timeline', AttributeType: 'S' },
    { AttributeName: 'start', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'PK', KeyType: 'HASH' },
    { AttributeName: 'SK', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    outbox(unsentIndex),
    outbox(unwrittenIndex),
    {
      IndexName: timelineIndex,
      KeySchema: [
        { AttributeName: 'timeline', KeyType: 'HASH' },
        { AttributeName: 'start', KeyType: 'RANGE' },
      ],
      Projection: all,
    },
  ],
})

/** Makes the table unless it is there, and waits until it can be used. */
export const ensureCountTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  try {
    await client.send(new CreateTableCommand(definition(tableName)))
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.2 },
    { TableName: tableName },
  )
}
