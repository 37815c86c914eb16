import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { pollStore } from '../../../ingest/poll.store.ts'
import { isDefined, PollError, type PollRequest, pollStatus } from '../../../ingest/poll.ts'

const demo: PollRequest = {
  id: 'demo',
  title: 'Who wins tonight?',
  options: [
    { id: 'ana', label: 'Ana' },
    { id: 'bia', label: 'Bia' },
    { id: 'caio', label: 'Caio' },
    { id: 'davi', label: 'Davi' },
  ],
}

/**
 * Creates the poll `demo` on first start, and waits until it is open. Throws `PollError` when there is only one that was
 * never confirmed: ids are never used again, so that folder can never have one.
 */
export const ensureDemo = async (
  client: DynamoDBClient,
  tableName: string,
  folder: string,
): Promise<void> => {
  const store = pollStore(client, tableName)
  const expectValid = async (): Promise<void> => {
    const poll = await store.readPoll(demo.id)
    if (poll !== undefined && !isDefined(poll))
      throw new PollError(
        `The poll demo is void: it was not made in time, or its making was cut off, and ids are never used again. Delete the data folder ${folder} and start again.`,
      )
  }
  if ((await store.readPoll(demo.id)) !== undefined) return expectValid()
  try {
    await store.createPoll(demo)
  } catch (error) {
    await expectValid()
    throw error
  }
}

/** Whether the poll `demo` takes votes now; once it was closed, it never will again. */
export const isDemoOpen = async (client: DynamoDBClient, tableName: string): Promise<boolean> => {
  const store = pollStore(client, tableName)
  const poll = await store.readPoll(demo.id)
  return isDefined(poll) && pollStatus(poll, store.now()) === 'open'
}
