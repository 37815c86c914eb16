import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { openDynamo } from '../../../../infra/local/dynamodb/dynamo.ts'
import { dynamoService } from '../../../../infra/local/dynamodb/dynamo-service.ts'
import { credentials, openTestEndpoint, post } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../until.ts'

const TableName = 'counts'

/** The embedded DynamoDB behind an endpoint, with the SDK's client on it. */
const open = async (folder: string) => {
  const logged: string[] = []
  const dynamo = await openDynamo({ folder, log: (message, error) => logged.push(`${message}: ${error}`) })
  const service = dynamoService(dynamo.endpoint)
  const { url } = await openTestEndpoint([service])
  const client = new DynamoDB({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    client.destroy()
    await service.close()
    await dynamo.close()
  }
  onTestFinished(close)
  return { client, url, direct: dynamo.endpoint, logged, close }
}

const createTable = async (client: DynamoDB): Promise<void> => {
  await client.createTable({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  await until(async () => (await client.describeTable({ TableName })).Table?.TableStatus === 'ACTIVE')
}

test('items are put on condition and read consistently', async () => {
  const { client } = await open(await temporaryFolder())
  await createTable(client)
  const put = (n: number) =>
    client.putItem({
      TableName,
      Item: { pk: { S: 'a' }, n: { N: String(n) } },
      ConditionExpression: 'attribute_not_exists(pk) OR n < :n',
      ExpressionAttributeValues: { ':n': { N: String(n) } },
    })
  await put(1)
  await put(2)
  await expect(put(2)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
  const { Item } = await client.getItem({ TableName, Key: { pk: { S: 'a' } }, ConsistentRead: true })
  expect(Item?.n).toEqual({ N: '2' })
})

test('tables and items are there after a restart', async () => {
  const folder = await temporaryFolder()
  const before = await open(folder)
  await createTable(before.client)
  await before.client.putItem({ TableName, Item: { pk: { S: 'a' } } })
  await before.close()
  const { client } = await open(folder)
  expect((await client.getItem({ TableName, Key: { pk: { S: 'a' } } })).Item).toEqual({ pk: { S: 'a' } })
})

test("dynalite's errors, request ids and checksums come through", async () => {
  const { url } = await open(await temporaryFolder())
  const answer = await post(url, 'DynamoDB_20120810.DescribeTable', JSON.stringify({ TableName }), {
    'content-type': 'application/x-amz-json-1.0',
  })
  const body = await answer.text()
  expect(answer.status).toBe(400)
  expect(JSON.parse(body).__type).toMatch(/#ResourceNotFoundException$/)
  expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0')
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[A-Z0-9]{52}$/)
  expect(answer.headers.get('x-amz-crc32')).toBe(String(crc32(body)))
})

test('an action that dynalite does not know is unknown here too', async () => {
  const { client } = await open(await temporaryFolder())
  await expect(client.listBackups({})).rejects.toMatchObject({ name: 'UnknownOperationException' })
})

test('time to live is remembered as long as its table', async () => {
  const { client } = await open(await temporaryFolder())
  await createTable(client)
  const describe = async () => (await client.describeTimeToLive({ TableName })).TimeToLiveDescription
  const set = (Enabled: boolean) =>
    client.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled } })
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  expect((await set(true)).TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true })
  expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' })
  await set(false)
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  await set(true)
  await client.deleteTable({ TableName })
  await until(async () => (await client.listTables({})).TableNames?.length === 0)
  await createTable(client)
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
})

test('time to live of a table that is not there, or of nothing, is refused', async () => {
  const { client, url } = await open(await temporaryFolder())
  const specification = { AttributeName: 'expires', Enabled: true }
  await expect(
    client.updateTimeToLive({ TableName, TimeToLiveSpecification: specification }),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  for (const body of ['', '{', '{}', JSON.stringify({ TableName })]) {
    const answer = await post(url, 'DynamoDB_20120810.UpdateTimeToLive', body)
    expect([answer.status, (await answer.json()).__type]).toEqual([400, 'ValidationException'])
  }
})

test('the port of dynalite itself checks the Host too', async () => {
  const { direct } = await open(await temporaryFolder())
  const { hostname, port } = new URL(direct)
  const request = httpRequest({ hostname, port, method: 'POST', headers: { host: 'evil.example' } })
  request.end('{}')
  const [answer] = await once(request, 'response')
  expect([answer.statusCode, JSON.parse(await textOf(answer)).__type]).toEqual([403, 'AccessDeniedException'])
})

test('a client that goes away in the middle of a request does not take the tables down', async () => {
  const { client, direct } = await open(await temporaryFolder())
  const { hostname, port } = new URL(direct)
  for (let index = 0; index < 3; index++) {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf')
    socket.resetAndDestroy()
    await once(socket, 'close')
  }
  expect((await client.listTables({})).TableNames).toEqual([])
})

test('a request that dynalite fails over is answered and logged, and the tables stay up', async () => {
  const { client, url, logged } = await open(await temporaryFolder())
  const answer = await post(url, 'DynamoDB_20120810.PutItem', 'null', {
    'content-type': 'application/x-amz-json-1.0',
  })
  expect([answer.status, (await answer.json()).__type]).toEqual([500, 'InternalServerError'])
  expect(logged).toEqual([expect.stringMatching(/^the DynamoDB store failed: Error: /)])
  expect((await client.listTables({})).TableNames).toEqual([])
})

test('a folder in use by another is refused with a reason', async () => {
  const folder = await temporaryFolder()
  await open(folder)
  await expect(openDynamo({ folder, log: () => {} })).rejects.toThrow(
    /^the tables in .+ cannot be opened: .*(lock|LOCK)/,
  )
})

test('a folder that holds something else is refused with a reason', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'CURRENT'), 'nonsense')
  await expect(openDynamo({ folder, log: () => {} })).rejects.toThrow(/^the tables in .+ cannot be opened: /)
})

test('a folder that cannot be made is an error', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, '')
  await expect(openDynamo({ folder: join(path, 'tables'), log: () => {} })).rejects.toThrow(
    /ENOTDIR|EEXIST|ENOENT/,
  )
})
