import { randomUUID } from 'node:crypto'
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { pollSortKey, pollsKey, resultSortKey } from './count-table.ts'
import type { Poll, PollDefinition, PollRequest, PollResult } from './poll.ts'
import { createPoll, type PollCreationPorts } from './poll-creation.ts'
import { type Change, type Item, pollItems } from './poll-items.store.ts'
import { tableClock } from './table-clock.store.ts'

/** How often the table is asked for its time. */
const askAgainMs = 25

/** How long is waited for the table's clock; whoever needs more must come again. */
const maxBehindMs = 5000

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
  /** Makes a definition void that is pending still. @returns the definition as it then stands */
  voidPending(id: string): Promise<Poll>
  /**
   * Closes the poll to every shard that is not in its set yet, in one conditional write: `shards` join, and the set is
   * frozen. A poll that is closed already, pending or void stays as it is.
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
  /**
   * Waits until the table's clock has come to `time`, epoch ms, for certain. Throws when it is more than some seconds
   * behind.
   */
  untilNow(time: number): Promise<void>
  /** Waits until the table's clock shows a new second: from then on `now` is no more than some hundredths early. */
  steadyClock(): Promise<void>
}

export const pollStore = (client: DynamoDBClient, TableName: string): PollStore => {
  const clock = tableClock(client)
  const items = pollItems(client, TableName)

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

  const withResult = async (item: Item): Promise<Poll> => {
    const poll = toPoll(item)
    if (poll.finalAt === undefined) return poll
    const stored = await items.read(resultSortKey(poll.id))
    if (stored === undefined)
      throw new Error(`poll ${poll.id} is final, and its result is gone from ${TableName}`)
    return { ...poll, result: stored.result as PollResult }
  }

  /** A write on a definition that is known to be there. */
  const update = async (id: string, change: Change): Promise<Poll> => {
    const item = await items.update(pollSortKey(id), change)
    if (item === undefined)
      throw new Error(`poll ${id} was defined a moment ago and is gone from ${TableName}`)
    return withResult(item)
  }

  /** Asks the table for nothing but its time, until that has come. */
  const untilDate = async (date: number): Promise<void> => {
    while (clock.date() < date) {
      await new Promise((resume) => setTimeout(resume, askAgainMs))
      await items.read(pollsKey)
    }
  }

  const voidPending = (id: string): Promise<Poll> =>
    update(id, {
      UpdateExpression: 'SET voided = :yes REMOVE pending',
      ConditionExpression: 'attribute_exists(pending)',
      ExpressionAttributeValues: marshall({ ':yes': true }),
    })

  const creation: PollCreationPorts = {
    readPolls: () => query(),
    putPending: async (definition: PollDefinition) => {
      const SK = pollSortKey(definition.id)
      const creation = randomUUID()
      // A put that the SDK repeated may have met its own first try.
      return (
        (await items.putUnlessThere(SK, { creation, pending: true, ...definition })) ||
        (await items.read(SK))?.creation === creation
      )
    },
    confirm: (id) =>
      update(id, { UpdateExpression: 'REMOVE pending', ConditionExpression: 'attribute_exists(pending)' }),
    voidPending,
    date: clock.date,
    untilDate,
  }

  return {
    readPolls: () => query(),
    readPollsWithout: (attribute) => query(attribute),
    readPoll: async (id) => {
      const item = await items.read(pollSortKey(id))
      return item && withResult(item)
    },
    createPoll: (request: PollRequest) => createPoll(request, creation),
    voidPending,
    joinPoll: (id, shardId) =>
      update(id, {
        UpdateExpression: 'ADD shards :shards',
        ConditionExpression:
          'attribute_exists(PK) AND (attribute_not_exists(closedAt) OR contains(shards, :shard))',
        ExpressionAttributeValues: marshall({ ':shards': new Set([shardId]), ':shard': shardId }),
      }),
    closePoll: async (id, shards, closesAt) => {
      const item = await items.update(pollSortKey(id), {
        UpdateExpression: 'SET closedAt = :now ADD shards :shards',
        ConditionExpression: [
          'attribute_exists(PK) AND attribute_not_exists(closedAt)',
          'attribute_not_exists(pending) AND attribute_not_exists(voided)',
          ...(closesAt === undefined ? [] : ['closesAt = :closesAt']),
        ].join(' AND '),
        ExpressionAttributeValues: marshall(
          { ':now': clock.now(), ':shards': new Set(shards), ':closesAt': closesAt },
          { removeUndefinedValues: true },
        ),
      })
      return item && withResult(item)
    },
    finishPoll: async (id, result) => {
      // The result first: a poll that is final has one. Frozen entries give everyone the same; the first one stays.
      await items.putUnlessThere(resultSortKey(id), { result })
      return update(id, {
        UpdateExpression: 'SET finalAt = :now',
        ConditionExpression: 'attribute_exists(closedAt) AND attribute_not_exists(finalAt)',
        ExpressionAttributeValues: marshall({ ':now': clock.now() }),
      })
    },
    markExported: async (id) => {
      await update(id, {
        UpdateExpression: 'SET exportedAt = :now',
        ConditionExpression: 'attribute_exists(finalAt)',
        ExpressionAttributeValues: marshall({ ':now': clock.now() }),
      })
    },
    now: clock.now,
    untilNow: async (time) => {
      // What is known of the clock may be old, where a function was frozen.
      if (clock.now() < time) await items.read(pollsKey)
      const behindMs = time - clock.now()
      if (behindMs > maxBehindMs)
        throw new Error(`the clock of ${TableName} is ${behindMs} ms behind; too long to wait for it`)
      while (clock.now() < time) {
        await new Promise((resume) => setTimeout(resume, askAgainMs))
        await items.read(pollsKey)
      }
    },
    steadyClock: async () => {
      await items.read(pollsKey)
      await untilDate(clock.date() + 1000)
    },
  }
}

const toPoll = (item: Item): Poll => {
  const { PK: _partition, SK: _sort, creation: _creation, shards, ...rest } = item
  return { ...rest, shards: [...(shards ?? [])].sort() } as Poll
}
