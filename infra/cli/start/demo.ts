import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { pollStore } from '../../../ingest/poll.store.ts'
import { pipeline } from '../../config.ts'

/** Creates the poll `demo` on first start, and waits until it is open. */
export const ensureDemo = async (client: DynamoDBClient): Promise<void> => {
  const store = pollStore(client, pipeline.tableName)
  if ((await store.readPoll('demo')) !== undefined) return
  await store.createPoll({
    id: 'demo',
    title: 'Who wins tonight?',
    options: [
      { id: 'ana', label: 'Ana' },
      { id: 'bia', label: 'Bia' },
      { id: 'caio', label: 'Caio' },
      { id: 'davi', label: 'Davi' },
    ],
  })
}
