import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { pollStore } from '../../ingest/poll.store.ts'
import { dynamoCountStore } from '../count.store.ts'
import { readLedgers, readShardIds } from '../ledgers.store.ts'
import type { CloseStore } from './close-store.ts'

/** What closing needs of the count store, in DynamoDB. */
export const dynamoCloseStore = (client: DynamoDBClient, table: string): CloseStore => ({
  ...dynamoCountStore(client, table),
  ...pollStore(client, table),
  readLedgers: (shardIds) => readLedgers(client, table, shardIds),
  readShardIds: () => readShardIds(client, table),
})
