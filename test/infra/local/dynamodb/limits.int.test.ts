import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { openDynamo } from '../../../../infra/local/dynamodb/dynamo.ts'
import { dynamoService } from '../../../../infra/local/dynamodb/dynamo-service.ts'
import { credentials, openTestEndpoint } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../until.ts'

const TableName = 'counts'

/** A table with the key `pk` in the embedded DynamoDB, and the SDK's client on it. */
const openTable = async (throughput: object = { BillingMode: 'PAY_PER_REQUEST' }): Promise<DynamoDB> => {
  const dynamo = await openDynamo({ folder: await temporaryFolder(), log: () => {} })
  const service = dynamoService(dynamo.endpoint)
  const { url } = await openTestEndpoint([service])
  const client = new DynamoDB({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(async () => {
    client.destroy()
    await service.close()
    await dynamo.close()
  })
  await client.createTable({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    ...throughput,
  })
  await until(async () => (await client.describeTable({ TableName })).Table?.TableStatus === 'ACTIVE')
  return client
}

/** An item of exactly so many bytes: names and values, as UTF-8. */
const itemOf = (bytes: number) => ({ pk: { S: 'a' }, text: { S: 'x'.repeat(bytes - 'pkatext'.length) } })

test('an item has 400 KB at most, its names included', async () => {
  const client = await openTable()
  await client.putItem({ TableName, Item: itemOf(400 * 1024) })
  await expect(client.putItem({ TableName, Item: itemOf(400 * 1024 + 1) })).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Item size has exceeded the maximum allowed size',
  })
})

test('an item whose time to live is over stays', async () => {
  const client = await openTable()
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true }
  await client.updateTimeToLive({ TableName, TimeToLiveSpecification })
  await client.putItem({ TableName, Item: { pk: { S: 'a' }, expires: { N: '1' } } })
  expect((await client.scan({ TableName })).Count).toBe(1)
})

test('a table takes more than its throughput', async () => {
  const client = await openTable({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } })
  // 300 seconds' worth is what AWS saves up at most; this is more than that in one item.
  await client.putItem({ TableName, Item: itemOf(390 * 1024) })
  await client.putItem({ TableName, Item: itemOf(390 * 1024) })
  expect((await client.scan({ TableName })).Count).toBe(1)
})

test('a condition on an attribute that is not there does not hold', async () => {
  const client = await openTable()
  const put = (ConditionExpression: string) =>
    client.putItem({
      TableName,
      Item: { pk: { S: 'a' } },
      ConditionExpression,
      ExpressionAttributeValues: { ':n': { N: '1' } },
    })
  await expect(put('n < :n')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
  await put('attribute_not_exists(n) OR n < :n')
})

test('an item that a condition refused is not shown, and there are no transactions', async () => {
  const client = await openTable()
  const Item = { pk: { S: 'a' } }
  await client.putItem({ TableName, Item })
  const again = client.putItem({
    TableName,
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined })
  await expect(
    client.transactWriteItems({ TransactItems: [{ Put: { TableName, Item } }] }),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' })
})
