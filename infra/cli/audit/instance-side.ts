import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Expectation } from '../../../aggregators/audit/expectation.ts'
import { dynamoExportStore } from '../../../aggregators/export/export.store.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { pollStatus } from '../../../ingest/poll.ts'
import { type CommandLine, UsageError } from '../command.ts'
import { countTableClient, explainUnreachable, findInstance, InstanceError } from '../instance.ts'
import { orReadAlone } from './archive-place.ts'

/** What an instance's table says of a poll, or why it says nothing. */
export type InstanceSide = { expectation: Expectation } | { absent: string }

/**
 * The definition with its result, the heads and the ledgers, from the count table of the instance that the command line
 * names. `required`: whether it must be there; if not, what is missing is said. Throws `UsageError` for a poll that is not
 * final.
 */
export const instanceSide = async (
  line: CommandLine,
  pollId: string,
  required: boolean,
): Promise<InstanceSide> => {
  try {
    return await readTable(line, pollId)
  } catch (error) {
    if (required || !(error instanceof InstanceError || error instanceof NoSuchPoll)) throw error
    return { absent: error.message }
  }
}

/** The table has no such poll. */
class NoSuchPoll extends UsageError {}

const readTable = async (line: CommandLine, pollId: string): Promise<InstanceSide> => {
  const instance = await findInstance(line, process.env)
  const client = countTableClient(instance)
  try {
    return { expectation: await readExpectation(client, instance.tableName, pollId) }
  } catch (error) {
    throw explainUnreachable(error, instance, orReadAlone(line, instance))
  } finally {
    client.destroy()
  }
}

const readExpectation = async (
  client: DynamoDBClient,
  tableName: string,
  pollId: string,
): Promise<Expectation> => {
  const polls = pollStore(client, tableName)
  const poll = await polls.readPoll(pollId)
  if (poll === undefined)
    throw new NoSuchPoll(`There is no poll ${pollId}; npm run polls -- list shows those there are.`)
  if (poll.voided || poll.pending)
    throw new UsageError(`Poll ${pollId} is ${poll.voided ? 'void' : 'being created'}; it has no result.`)
  if (poll.finalAt === undefined || poll.result === undefined)
    throw new UsageError(
      `Poll ${pollId} is ${pollStatus(poll, polls.now())}; close it first: npm run polls -- close --id ${pollId}`,
    )
  const store = dynamoExportStore(client, tableName)
  const ledgers = await Promise.all(
    poll.shards.map(async (shardId) => {
      const ledger = await store.readLedger(shardId)
      return [shardId, ledger && { parts: ledger.parts, head: ledger.head }] as const
    }),
  )
  return { poll, heads: await store.readHeads(pollId), ledgers: Object.fromEntries(ledgers) }
}
