import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { onTestFinished } from 'vitest'
import { ensureCountTable } from '../../../infra/local/count-table.ts'
import { openDynamo } from '../../../infra/local/dynamodb/dynamo.ts'
import { localClient } from '../../../infra/local/handler-environment.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const tableName = 'counts'

/** A count store's table in a dynalite of its own. */
export const openCountTable = async (): Promise<{ client: DynamoDBClient; endpoint: string }> => {
  const dynamo = await openDynamo({ folder: await temporaryFolder(), log: () => {} })
  const client = new DynamoDBClient(localClient(dynamo.endpoint))
  onTestFinished(async () => {
    client.destroy()
    await dynamo.close()
  })
  await ensureCountTable(client, tableName)
  return { client, endpoint: dynamo.endpoint }
}
