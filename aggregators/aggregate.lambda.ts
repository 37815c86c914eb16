import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { tableNameVariable } from '../ingest/count-table.ts'
import { required } from '../ingest/environment.ts'
import { aggregateHandler } from './aggregate-handler.ts'
import { dynamoCountStore } from './count.store.ts'
import { retentionHoursVariable } from './variables.ts'

const store = dynamoCountStore(new DynamoDBClient({}), required(process.env, tableNameVariable))
const retentionMs = Number(required(process.env, retentionHoursVariable)) * 3_600_000

/** Pre-sums a batch of votes and counts it exactly once. Throws only when the count store fails. */
export const handler = aggregateHandler(store, retentionMs)
