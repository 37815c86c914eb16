import { randomUUID } from 'node:crypto'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb'
import { pollSortKey, pollsKey, resultSortKey } from './count-table.ts'
import {
  definePoll,
  expectRoom,
  type Poll,
  type PollDefinition,
  PollError,
  type PollRequest,
  type PollResult,
} from './poll.ts'
import { tableClock } from './table-clock.store.ts'

/** Definitions are dated this far ahead of the table's clock: its `Date` is in whole seconds, and a put takes a while. */
const createdAheadMs = 2000

/** How often the table is asked for its time. */
const askAgainMs = 25

/** Poll definitions in the count store. Every read is consistent. */
export type PollStore = {
  /** All that were ever defined, void ones included, by id; without their results. */
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  /** Those that are not final yet, or whose last line is not in the archive yet. */
  readPollsWithout(attribute: 'finalAt' | 'exportedAt'): Promise<ReadonlyMap<string, Poll>>
  /** With its result, where it is final. */
  readPoll(id: string): Promise<Poll | undefined>
  /** Adds the shard to the poll's set unless the poll is closed; the definition as it then stands. */
  joinPoll(id: string, shardId: string): Promise<Poll>
  /**
   * Defines a poll, dated by the table's own clock (design, section 5), and returns once it has been created by it.
   * Throws `PollError` when the request is not valid, the id is taken, too much is open, or the write came too late.
   */
  createPoll(request: PollRequest): Promise<PollDefinition>
  /**
   * Closes the poll to every shard that is not in its set yet, in one conditional write: `shards` join, and the set is
   * frozen. A poll that is closed already, or void, stays as it is.
   *
   * @param closesAt what the definition must still say, where the poll closes by itself; a moved `closesAt` closes nothing
   * @returns the definition as it then stands; `undefined` when there is none
   */
  closePoll(id: string, shards: readonly string[], closesAt?: number): Promise<Poll | undefined>
  /** Writes the result and `finalAt`, once. @returns the definition as it then stands, whoever wrote it */
  finishPoll(id: string, result: PollResult): Promise<Poll>
  /** Notes that the poll's last line is in the archive. */
  markExported(id: string): Promise<void>
  /** The table's time, epoch ms (see `TableClock`); throws before its first answer. */
  now(): number
  /** Waits until the table's clock shows a new second: from then on `now` is no more than some hundredths early. */
  steadyClock(): Promise<void>
}

export const pollStore = (client: DynamoDBClient, TableName: string): PollStore => {
  const clock = tableClock(client)
  const key = (id: string) => marshall({ PK: pollsKey, SK: pollSortKey(id) })

  const query = async (without?: string): Promise<ReadonlyMap<string, Poll>> => {
    const polls = new Map<string, Poll>()
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'PK = :polls AND begins_with(SK, :poll)',
        ExpressionAttributeValues: marshall({ ':polls': pollsKey, ':poll': pollSortKey('') }),
        ...(without === undefined ? {} : { FilterExpression: `attribute_not_exists(${without})` }),
      },
    )
    for await (const { Items = [] } of pages)
      for (const item of Items) {
        const poll = toPoll(unmarshall(item))
        polls.set(poll.id, poll)
      }
    return polls
  }

  const readPolls: PollStore['readPolls'] = () => query()
  const readPollsWithout: PollStore['readPollsWithout'] = (attribute) => query(attribute)

  const readItem = async (SK: string): Promise<Record<string, NativeAttributeValue> | undefined> => {
    const Key = marshall({ PK: pollsKey, SK })
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
    return Item && unmarshall(Item)
  }

  const withResult = async (poll: Poll): Promise<Poll> => {
    if (poll.finalAt === undefined) return poll
    const item = await readItem(resultSortKey(poll.id))
    if (item === undefined)
      throw new Error(`poll ${poll.id} is final, and its result is gone from ${TableName}`)
    return { ...poll, result: item.result as PollResult }
  }

  const readPoll: PollStore['readPoll'] = async (id) => {
    const item = await readItem(pollSortKey(id))
    return item && withResult(toPoll(item))
  }

  /** One conditional write on a definition. @returns it as it then stands, whether the condition held or not */
  const update = async (id: string, change: Change): Promise<Poll | undefined> => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({ TableName, Key: key(id), ...change, ReturnValues: 'ALL_NEW' }),
      )
      if (Attributes) return toPoll(unmarshall(Attributes))
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
    return readPoll(id)
  }

  const joinPoll: PollStore['joinPoll'] = async (id, shardId) => {
    const poll = await update(id, {
      UpdateExpression: 'ADD shards :shards',
      ConditionExpression:
        'attribute_exists(PK) AND (attribute_not_exists(closedAt) OR contains(shards, :shard))',
      ExpressionAttributeValues: marshall({ ':shards': new Set([shardId]), ':shard': shardId }),
    })
    return poll ?? gone(id)
  }

  const closePoll: PollStore['closePoll'] = (id, shards, closesAt) =>
    update(id, {
      UpdateExpression: 'SET closedAt = :now ADD shards :shards',
      ConditionExpression: [
        'attribute_exists(PK) AND attribute_not_exists(closedAt) AND attribute_not_exists(voided)',
        ...(closesAt === undefined ? [] : ['closesAt = :closesAt']),
      ].join(' AND '),
      ExpressionAttributeValues: marshall(
        { ':now': clock.now(), ':shards': new Set(shards), ':closesAt': closesAt },
        { removeUndefinedValues: true },
      ),
    })

  const finishPoll: PollStore['finishPoll'] = async (id, result) => {
    // The result first: a poll that is final has one. Frozen entries give everyone the same; the first one stays.
    await putUnlessThere({ PK: pollsKey, SK: resultSortKey(id), result })
    const poll = await update(id, {
      UpdateExpression: 'SET finalAt = :now',
      ConditionExpression: 'attribute_exists(closedAt) AND attribute_not_exists(finalAt)',
      ExpressionAttributeValues: marshall({ ':now': clock.now() }),
    })
    return poll ? withResult(poll) : gone(id)
  }

  const markExported: PollStore['markExported'] = async (id) => {
    await update(id, {
      UpdateExpression: 'SET exportedAt = :now',
      ConditionExpression: 'attribute_exists(finalAt)',
      ExpressionAttributeValues: marshall({ ':now': clock.now() }),
    })
  }

  const gone = (id: string): never => {
    throw new Error(`poll ${id} was defined a moment ago and is gone from ${TableName}`)
  }

  const createPoll: PollStore['createPoll'] = async (request) => {
    const polls = await readPolls()
    const date = clock.date()
    if (polls.has(request.id)) throw taken(request.id)
    expectRoom(polls.values(), request, date)
    const definition = definePoll(request, date + createdAheadMs)
    await putNew(definition)
    if (clock.date() < definition.createdAt) {
      // Votes meet a poll from its `createdAt` on; whoever made it finds it open.
      await untilDate(definition.createdAt)
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

  /** @returns whether it was put now */
  const putUnlessThere = async (item: Record<string, NativeAttributeValue>): Promise<boolean> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: marshall(item),
          ConditionExpression: 'attribute_not_exists(PK)',
        }),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  /** Asks the table for nothing but its time, until that has come. */
  const untilDate = async (date: number): Promise<void> => {
    while (clock.date() < date) {
      await new Promise((resume) => setTimeout(resume, askAgainMs))
      await readItem(pollsKey)
    }
  }

  const steadyClock: PollStore['steadyClock'] = async () => {
    await readItem(pollsKey)
    await untilDate(clock.date() + 1000)
  }

  const putNew = async (definition: PollDefinition): Promise<void> => {
    const creation = randomUUID()
    const SK = pollSortKey(definition.id)
    if (await putUnlessThere({ PK: pollsKey, SK, creation, ...definition })) return
    // A put that the SDK repeated may have met its own first try.
    if ((await readItem(SK))?.creation !== creation) throw taken(definition.id)
  }

  return {
    readPolls,
    readPollsWithout,
    readPoll,
    joinPoll,
    createPoll,
    closePoll,
    finishPoll,
    markExported,
    now: clock.now,
    steadyClock,
  }
}

type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>

const taken = (id: string): PollError => new PollError(`poll ${id} exists already; ids are never used again`)

const toPoll = (item: Record<string, NativeAttributeValue>): Poll => {
  const { PK: _partition, SK: _sort, creation: _creation, shards, ...rest } = item
  return { ...rest, shards: [...(shards ?? [])].sort() } as Poll
}
