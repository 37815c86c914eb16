import { randomUUID } from 'node:crypto'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb'
import { pollSortKey, pollsKey } from './count-table.ts'
import {
  definePoll,
  expectRoom,
  type Poll,
  type PollDefinition,
  PollError,
  type PollRequest,
} from './poll.ts'

/** Definitions are dated this far ahead of the table's clock: its `Date` is in whole seconds, and a put takes a while. */
const createdAheadMs = 2000

/** How often the table is asked for its time. */
const askAgainMs = 100

/** Poll definitions in the count store. Every read is consistent. */
export type PollStore = {
  /** All that were ever defined, void ones included, by id. */
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  readPoll(id: string): Promise<Poll | undefined>
  /** Adds the shard to the poll's set unless the poll is closed; the definition as it then stands. */
  joinPoll(id: string, shardId: string): Promise<Poll>
  /**
   * Defines a poll, dated by the table's own clock (design, section 5), and returns once it has been created by it.
   * Throws `PollError` when the request is not valid, the id is taken, too much is open, or the write came too late.
   */
  createPoll(request: PollRequest): Promise<PollDefinition>
  /** The table's time at its newest answer, epoch ms in whole seconds; throws before the first. */
  now(): number
}

export const pollStore = (client: DynamoDBClient, TableName: string): PollStore => {
  const clock = tableClock(client)
  const key = (id: string) => marshall({ PK: pollsKey, SK: pollSortKey(id) })

  const readPolls: PollStore['readPolls'] = async () => {
    const polls = new Map<string, Poll>()
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'PK = :polls',
        ExpressionAttributeValues: marshall({ ':polls': pollsKey }),
      },
    )
    for await (const { Items = [] } of pages)
      for (const item of Items) {
        const poll = toPoll(unmarshall(item))
        polls.set(poll.id, poll)
      }
    return polls
  }

  const readPoll: PollStore['readPoll'] = async (id) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key(id), ConsistentRead: true }))
    return Item && toPoll(unmarshall(Item))
  }

  const joinPoll: PollStore['joinPoll'] = async (id, shardId) => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: key(id),
          UpdateExpression: 'ADD shards :shards',
          ConditionExpression:
            'attribute_exists(PK) AND (attribute_not_exists(closedAt) OR contains(shards, :shard))',
          ExpressionAttributeValues: marshall({ ':shards': new Set([shardId]), ':shard': shardId }),
          ReturnValues: 'ALL_NEW',
        }),
      )
      if (Attributes) return toPoll(unmarshall(Attributes))
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
    const poll = await readPoll(id)
    if (poll === undefined)
      throw new Error(`poll ${id} was defined a moment ago and is gone from ${TableName}`)
    return poll
  }

  const createPoll: PollStore['createPoll'] = async (request) => {
    const polls = await readPolls()
    const date = clock.now()
    if (polls.has(request.id)) throw taken(request.id)
    expectRoom(polls.values(), request, date)
    const definition = definePoll(request, date + createdAheadMs)
    await putNew(definition)
    if (clock.now() < definition.createdAt) {
      await untilCreated(definition)
      return definition
    }
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key(definition.id),
        UpdateExpression: 'SET voided = :yes',
        ExpressionAttributeValues: marshall({ ':yes': true }),
      }),
    )
    throw new PollError(
      `poll ${definition.id} was written too late to be trusted and is void; try again with another id`,
    )
  }

  const wasPut = async (id: string, creation: string): Promise<boolean> => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key(id), ConsistentRead: true }))
    return Item?.creation?.S === creation
  }

  /** Votes meet a poll from its `createdAt` on; whoever made it finds it open. */
  const untilCreated = async ({ id, createdAt }: PollDefinition): Promise<void> => {
    while (clock.now() < createdAt) {
      await new Promise((resume) => setTimeout(resume, askAgainMs))
      await readPoll(id)
    }
  }

  const putNew = async (definition: PollDefinition): Promise<void> => {
    const creation = randomUUID()
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: marshall({ PK: pollsKey, SK: pollSortKey(definition.id), creation, ...definition }),
          ConditionExpression: 'attribute_not_exists(PK)',
        }),
      )
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      // A put that the SDK repeated may have met its own first try.
      if (!(await wasPut(definition.id, creation))) throw taken(definition.id)
    }
  }

  return { readPolls, readPoll, joinPoll, createPoll, now: clock.now }
}

type TableClock = { now(): number }

const clocks = new WeakMap<DynamoDBClient, TableClock>()

/** The clock of the table: the `Date` of its newest answer to this client, epoch ms in whole seconds. Never the laptop's. */
const tableClock = (client: DynamoDBClient): TableClock => {
  const clock = clocks.get(client) ?? startClock(client)
  clocks.set(client, clock)
  return clock
}

const startClock = (client: DynamoDBClient): TableClock => {
  let date = Number.NaN
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      const { headers } = answer.response as { headers?: Record<string, string> }
      date = Date.parse(headers?.date ?? '')
      return answer
    },
    { step: 'deserialize', priority: 'high', name: 'tableClock' },
  )
  return {
    now: () => {
      if (Number.isNaN(date)) throw new Error('the table answered without a Date, which polls are dated by')
      return date
    },
  }
}

const taken = (id: string): PollError => new PollError(`poll ${id} exists already; ids are never used again`)

const toPoll = (item: Record<string, NativeAttributeValue>): Poll => {
  const { PK: _partition, SK: _sort, creation: _creation, shards, ...rest } = item
  return { ...rest, shards: [...(shards ?? [])].sort() } as Poll
}
