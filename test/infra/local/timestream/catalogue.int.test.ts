import { paginateListTables } from '@aws-sdk/client-timestream-write'
import { expect, test } from 'vitest'
import { openEngine, openSdk, start } from './open-timestream.ts'

test('databases and tables are made once, described and listed', async () => {
  const { client } = await openSdk()
  const { Database } = await client.createDatabase({ DatabaseName: 'placar' })
  expect(Database).toMatchObject({
    Arn: 'arn:aws:timestream:us-east-1:000000000000:database/placar',
    TableCount: 0,
    CreationTime: new Date(start),
  })
  const names = { DatabaseName: 'placar', TableName: 'windows' }
  const { Table } = await client.createTable(names)
  expect(Table).toMatchObject({
    Arn: 'arn:aws:timestream:us-east-1:000000000000:database/placar/table/windows',
    TableStatus: 'ACTIVE',
    RetentionProperties: { MemoryStoreRetentionPeriodInHours: 6, MagneticStoreRetentionPeriodInDays: 73_000 },
  })
  expect((await client.describeTable(names)).Table).toEqual(Table)
  expect((await client.describeDatabase(names)).Database?.TableCount).toBe(1)
  expect((await client.listDatabases({})).Databases?.map(({ DatabaseName }) => DatabaseName)).toEqual([
    'placar',
  ])
  expect((await client.listTables(names)).Tables).toEqual([Table])
  await expect(client.createDatabase(names)).rejects.toMatchObject({ name: 'ConflictException' })
  await expect(client.createTable(names)).rejects.toMatchObject({ name: 'ConflictException' })
})

test('a table of another retention is made as asked, and of no possible one refused', async () => {
  const { client } = await openSdk()
  await client.createDatabase({ DatabaseName: 'd' })
  const make = (hours: number) =>
    client.createTable({
      DatabaseName: 'd',
      TableName: 't',
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: hours,
        MagneticStoreRetentionPeriodInDays: 1,
      },
    })
  await expect(make(8767)).rejects.toMatchObject({ name: 'ValidationException' })
  expect((await make(24)).Table?.RetentionProperties?.MemoryStoreRetentionPeriodInHours).toBe(24)
})

test('writes into the magnetic store are refused where the table is made', async () => {
  const { client } = await openSdk()
  await client.createDatabase({ DatabaseName: 'd' })
  const input = {
    DatabaseName: 'd',
    TableName: 't',
    MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
  }
  await expect(client.createTable(input)).rejects.toMatchObject({ name: 'ValidationException' })
})

test('what is not there is not found', async () => {
  const { client } = await openSdk()
  const missing = { DatabaseName: 'd', TableName: 't' }
  const notFound = { name: 'ResourceNotFoundException' }
  await expect(client.describeDatabase(missing)).rejects.toMatchObject(notFound)
  await expect(client.describeTable(missing)).rejects.toMatchObject(notFound)
  await expect(client.createTable(missing)).rejects.toMatchObject(notFound)
  await expect(client.listTables(missing)).rejects.toMatchObject(notFound)
  await client.createDatabase(missing)
  await expect(client.describeTable(missing)).rejects.toMatchObject({
    ...notFound,
    message: 'The table t does not exist.',
  })
})

test('the SDK pages through tables', async () => {
  const { client, engine } = await openSdk()
  for (const table of ['a', 'b', 'c']) engine.ensureTable('d', table)
  engine.ensureTable('other', 'x')
  const pages: (string | undefined)[][] = []
  for await (const { Tables = [] } of paginateListTables({ client, pageSize: 2 }, { DatabaseName: 'd' }))
    pages.push(Tables.map(({ TableName }) => TableName))
  expect(pages).toEqual([['a', 'b'], ['c']])
  await expect(client.listTables({ NextToken: 'x' })).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(client.listTables({ MaxResults: 21 })).rejects.toMatchObject({ name: 'ValidationException' })
})

test('making sure of a table keeps the one that is there', async () => {
  const { engine } = await openEngine()
  engine.createDatabase('d')
  engine.createTable('d', 't', { memoryHours: 48 })
  engine.ensureTable('d', 't')
  expect(engine.tables()).toMatchObject([{ database: 'd', name: 't', memoryHours: 48 }])
})
