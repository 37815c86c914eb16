import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { tableNameVariable } from '../../../ingest/count-table.ts'
import { required } from '../../../ingest/environment.ts'
import { voteCounts } from './vote-counts.store.ts'
import { type VoteEvent, votesIn } from './vote-event.ts'

const counts = voteCounts(new DynamoDBClient({}), required(process.env, tableNameVariable))

/** Requests under way at once: more do not make the table faster. */
const writesAtOnce = 16

/** One write for every vote. What is delivered twice is counted twice. */
export const handler = async (event: VoteEvent): Promise<void> => {
  const votes = votesIn(event).values()
  const write = async (): Promise<void> => {
    for (const { poll, option } of votes) await counts.add(poll, option, 1)
  }
  await Promise.all(Array.from({ length: writesAtOnce }, write))
}
