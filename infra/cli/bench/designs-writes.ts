import type { DynamoService } from '../../local/dynamodb/dynamo-service.ts'

const writing = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'ExecuteStatement',
])

/** The table with a count of the requests that write to it, whether a condition then refuses them or not. */
export const countWrites = (table: DynamoService): DynamoService & { writes(): number } => {
  let writes = 0
  return {
    ...table,
    handle: (action, body, headers) => {
      if (writing.has(action)) writes += 1
      return table.handle(action, body, headers)
    },
    writes: () => writes,
  }
}
