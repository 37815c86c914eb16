import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { ensureDemo, isDemoOpen } from '../../../../infra/cli/start/demo.ts'
import { pollSortKey, pollsKey } from '../../../../ingest/count-table.ts'
import { pollStore } from '../../../../ingest/poll.store.ts'
import { openCountTable, tableName } from '../../local/open-count-table.ts'

describe('the poll demo', () => {
  it('is made once', async () => {
    const { client } = await openCountTable()
    await ensureDemo(client, tableName, 'here')
    await ensureDemo(client, tableName, 'here')
    expect([...(await pollStore(client, tableName).readPolls()).keys()]).toEqual(['demo'])
  })

  it('is open until it was closed', async () => {
    const { client } = await openCountTable()
    await ensureDemo(client, tableName, 'here')
    expect(await isDemoOpen(client, tableName)).toBe(true)
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: marshall({ PK: pollsKey, SK: pollSortKey('demo') }),
        UpdateExpression: 'SET closedAt = :then',
        ExpressionAttributeValues: marshall({ ':then': Date.now() }),
      }),
    )
    expect(await isDemoOpen(client, tableName)).toBe(false)
  })

  it('that is void stops the start with a line that says what to delete', async () => {
    const { client } = await openCountTable()
    await ensureDemo(client, tableName, 'here')
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: marshall({ PK: pollsKey, SK: pollSortKey('demo') }),
        UpdateExpression: 'SET voided = :yes',
        ExpressionAttributeValues: marshall({ ':yes': true }),
      }),
    )
    await expect(ensureDemo(client, tableName, '/data/here')).rejects.toThrow(
      /demo is void: .*Delete the data folder \/data\/here/,
    )
  })
})
