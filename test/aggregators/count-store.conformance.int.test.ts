import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { dynamoCountStore } from '../../aggregators/count.store.ts'
import type { CountStore } from '../../aggregators/count-store.ts'
import { emptyLedger, seal } from '../../aggregators/ledger.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import { ledgerKey, partSortKey } from '../../ingest/count-table.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import { openCountTable, tableName } from '../infra/local/open-count-table.ts'
import { aLedger, shardId } from './arrivals.ts'
import { memoryCountStore } from './memory-count-store.ts'

/** A store with one poll, `final`, a way to close it, and a look at the bytes of `aPart`. */
type Subject = { store: CountStore; close(): Promise<void>; partBytes(): Promise<string | undefined> }

const options = [
  { id: 'ana', label: 'Ana' },
  { id: 'bia', label: 'Bia' },
]

const inMemory = async (): Promise<Subject> => {
  const final = { id: 'final', title: 'Final', options, createdAt: 1, opensAt: 1, closesAt: null, shards: [] }
  const store = memoryCountStore([final])
  return {
    store,
    close: async () => {
      Object.assign(store.polls.get('final') ?? {}, { closedAt: 5 })
    },
    partBytes: async () => store.parts.get(`${shardId}#0`)?.bytes,
  }
}

const inDynamo = async (): Promise<Subject> => {
  const { client } = await openCountTable()
  await pollStore(client, tableName).createPoll({ id: 'final', title: 'Final', options })
  return {
    store: dynamoCountStore(client, tableName),
    close: async () => {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { PK: { S: 'POLLS' }, SK: { S: 'POLL#final' } },
          UpdateExpression: 'SET closedAt = :at',
          ExpressionAttributeValues: { ':at': { N: '5' } },
        }),
      )
    },
    partBytes: async () => {
      const Key = { PK: { S: ledgerKey(shardId) }, SK: { S: partSortKey(0) } }
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
      )
      return Item?.bytes?.S
    },
  }
}

const aPart = (): SealedPart => {
  const window = { start: 0, end: 5000 }
  const open = { window, first: '1', last: '2', records: 2, polls: {}, rejected: { unknown_poll: 2 } }
  return seal(aLedger({ open })).sealed as SealedPart
}

describe.each([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamo],
])('the count store %s', (_where, open) => {
  it('has no ledger before the first put, and then the one that was put', async () => {
    const { store } = await open()
    expect(await store.readLedger(shardId)).toBeUndefined()
    const ledger = aLedger({
      revision: 1,
      entries: { final: { counts: { ana: 1 }, rejected: {}, passed: false, lastArrival: 7 } },
    })
    expect(await store.putLedger(ledger)).toBe(true)
    expect(await store.readLedger(shardId)).toEqual(ledger)
  })

  it('takes a revision only on top of the one before it, once', async () => {
    const { store } = await open()
    const put = (revision: number) => store.putLedger({ ...emptyLedger(shardId), revision })
    expect(await put(2)).toBe(false)
    expect(await put(1)).toBe(true)
    expect(await put(1)).toBe(false)
    expect(await put(3)).toBe(false)
    expect(await Promise.all([put(2), put(2), put(2)])).toEqual(expect.arrayContaining([true, false, false]))
    expect((await store.readLedger(shardId))?.revision).toBe(2)
  })

  it('keeps the first bytes of a part, whoever writes it again', async () => {
    const { store, partBytes } = await open()
    await store.writePart(aPart())
    await store.writePart({ ...aPart(), bytes: aPart().bytes.replace('"records":2', '"records":9') })
    expect(await partBytes()).toBe(aPart().bytes)
  })

  it('adds a shard to a poll until the poll is closed, and tells the definition either way', async () => {
    const { store, close } = await open()
    await store.addShard('s1')
    await store.addShard('s1')
    expect((await store.joinPoll('final', 's1')).shards).toEqual(['s1'])
    expect((await store.joinPoll('final', 's2')).shards).toEqual(['s1', 's2'])
    await close()
    expect(await store.joinPoll('final', 's3')).toMatchObject({ shards: ['s1', 's2'], closedAt: 5 })
    expect((await store.joinPoll('final', 's1')).shards).toEqual(['s1', 's2'])
    expect((await store.readPolls()).get('final')).toMatchObject({
      shards: ['s1', 's2'],
      closedAt: 5,
      options,
    })
  })

  it('has no poll that nobody defined', async () => {
    const { store } = await open()
    expect((await store.readPolls()).has('nowhere')).toBe(false)
    await expect(store.joinPoll('nowhere', 's1')).rejects.toThrow('nowhere')
  })
})
