import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { tableNameVariable } from '../../../ingest/count-table.ts'
import { required } from '../../../ingest/environment.ts'
import { voteCounts } from './vote-counts.store.ts'
import { type VoteEvent, votesIn } from './vote-event.ts'

const counts = voteCounts(new DynamoDBClient({}), required(process.env, tableNameVariable))

/** Sums a batch and adds each option's sum, on no condition. What is delivered twice is counted twice. */
export const handler = async (event: VoteEvent): Promise<void> => {
  const sums = new Map<string, { poll: string; option: string; votes: number }>()
  for (const { poll, option } of votesIn(event)) {
    const sum = sums.get(`${poll}/${option}`) ?? { poll, option, votes: 0 }
    sum.votes += 1
    sums.set(`${poll}/${option}`, sum)
  }
  await Promise.all([...sums.values()].map(({ poll, option, votes }) => counts.add(poll, option, votes)))
}
