import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { toLedgerItem } from '../../../aggregators/ledger-item.ts'
import { headsSortKey, pollSortKey, pollsKey, resultSortKey } from '../../../ingest/count-table.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aLedger, shardId } from '../../aggregators/arrivals.ts'
import type { AnArchive } from '../../aggregators/audit/an-archive.ts'

/** Writes into a count table what it has of an archive's poll: definition, result, heads, and the ledger of one shard. */
export const writePoll = async (
  client: DynamoDBClient,
  TableName: string,
  { poll, heads }: AnArchive,
  changes: Partial<Poll> = {},
): Promise<void> => {
  const put = (item: Record<string, unknown>) =>
    client.send(new PutItemCommand({ TableName, Item: marshall(item, { removeUndefinedValues: true }) }))
  const { result, ...definition } = { ...poll, ...changes }
  await put({ PK: pollsKey, SK: pollSortKey(poll.id), ...definition, shards: new Set(poll.shards) })
  if (result !== undefined) await put({ PK: pollsKey, SK: resultSortKey(poll.id), result })
  await put({ PK: pollsKey, SK: headsSortKey(poll.id), heads })
  const head = heads[shardId] ?? { parts: 0, head: '' }
  await client.send(new PutItemCommand({ TableName, Item: toLedgerItem(aLedger({ ...head, revision: 1 })) }))
}
