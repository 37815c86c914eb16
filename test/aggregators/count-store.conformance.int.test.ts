import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { dynamoCloseStore } from '../../aggregators/close/close.store.ts'
import type { CloseStore } from '../../aggregators/close/close-store.ts'
import { dynamoCountStore } from '../../aggregators/count.store.ts'
import type { CountStore } from '../../aggregators/count-store.ts'
import { dynamoExportStore } from '../../aggregators/export/export.store.ts'
import type { ExportStore } from '../../aggregators/export/export-parts.ts'
import { dynamoOutbox } from '../../aggregators/export/outbox.store.ts'
import type { Outbox } from '../../aggregators/export/outbox.ts'
import { emptyLedger, type Ledger, seal } from '../../aggregators/ledger.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import {
  ledgerKey,
  partSortKey,
  pollSortKey,
  pollsKey,
  unsentIndex,
  unwrittenIndex,
} from '../../ingest/count-table.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import type { PollDefinition, PollResult } from '../../ingest/poll.ts'
import { openCountTable, tableName } from '../infra/local/open-count-table.ts'
import { aLedger, shardId } from './arrivals.ts'
import { memoryOutbox } from './export/memory-outbox.ts'
import { memoryCountStore } from './memory-count-store.ts'

type Store = CountStore & CloseStore & ExportStore

/** A store with one poll, `final`, its outboxes, a way to leave a poll pending, and a look at the bytes of `aPart`. */
type Subject = {
  store: Store
  archive: Outbox
  timeSeries: Outbox
  putPending(definition: PollDefinition): Promise<unknown>
  partBytes(): Promise<string | undefined>
}

const options = [
  { id: 'ana', label: 'Ana' },
  { id: 'bia', label: 'Bia' },
]

const inMemory = async (): Promise<Subject> => {
  const final = { id: 'final', title: 'Final', options, createdAt: 1, opensAt: 1, closesAt: 9, shards: [] }
  const store = memoryCountStore([final], () => 5)
  return {
    store,
    archive: memoryOutbox(store.parts),
    timeSeries: memoryOutbox(store.parts),
    putPending: store.putPending,
    partBytes: async () => store.parts.get(`${shardId}#0`)?.bytes,
  }
}

const inDynamo = async (): Promise<Subject> => {
  const { client } = await openCountTable()
  const closesAt = 4_102_444_800_000
  await pollStore(client, tableName).createPoll({ id: 'final', title: 'Final', options, closesAt })
  const now = (): number => 5
  return {
    store: {
      ...dynamoCountStore(client, tableName),
      ...dynamoCloseStore(client, tableName),
      ...dynamoExportStore(client, tableName),
    },
    archive: dynamoOutbox(client, tableName, { attribute: unsentIndex, keepDays: 30, now }),
    timeSeries: dynamoOutbox(client, tableName, { attribute: unwrittenIndex, now }),
    putPending: ({ id, ...definition }) =>
      client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: marshall({ PK: pollsKey, SK: pollSortKey(id), id, pending: true, ...definition }),
        }),
      ),
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
  const rejected = { unknown_poll: 2 }
  const open = { window, first: '1', last: '2', records: 2, runs: [2], digest: 'd', polls: {}, rejected }
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
    const { store } = await open()
    await store.addShard('s1')
    await store.addShard('s1')
    expect((await store.joinPoll('final', 's1')).shards).toEqual(['s1'])
    expect((await store.joinPoll('final', 's2')).shards).toEqual(['s1', 's2'])
    await store.closePoll('final', ['s1'])
    expect(await store.joinPoll('final', 's3')).toMatchObject({ shards: ['s1', 's2'] })
    expect((await store.joinPoll('final', 's1')).shards).toEqual(['s1', 's2'])
    expect((await store.readPolls()).get('final')).toMatchObject({
      shards: ['s1', 's2'],
      closedAt: expect.any(Number),
      options,
    })
  })

  it('makes a pending poll void, once, and no other', async () => {
    const { store, putPending } = await open()
    await putPending({ id: 'unsure', title: 'Unsure', options, createdAt: 1, opensAt: 1, closesAt: null })
    const pending = (await store.readPolls()).get('unsure')
    expect(pending).toMatchObject({ id: 'unsure', pending: true })
    expect((await store.closePoll('unsure', ['s1']))?.closedAt).toBeUndefined()
    const { pending: _pending, ...rest } = pending ?? {}
    expect(await store.voidPending('unsure')).toEqual({ ...rest, voided: true })
    expect(await store.voidPending('unsure')).toEqual({ ...rest, voided: true })
    expect((await store.voidPending('final')).voided).toBeUndefined()
  })

  it('waits for its clock to come to a time, and not for long', async () => {
    const { store } = await open()
    const now = store.now()
    await store.untilNow(now)
    expect(store.now()).toBeGreaterThanOrEqual(now)
    await expect(store.untilNow(store.now() + 3_600_000)).rejects.toThrow('behind')
  })

  it('has no poll that nobody defined', async () => {
    const { store } = await open()
    expect((await store.readPolls()).has('nowhere')).toBe(false)
    await expect(store.joinPoll('nowhere', 's1')).rejects.toThrow('nowhere')
  })

  it('closes a poll once, with every shard that is named, at the closesAt that it still has', async () => {
    const { store } = await open()
    await store.joinPoll('final', 's2')
    expect((await store.closePoll('final', ['s1'], 1))?.closedAt).toBeUndefined()
    const { closesAt } = (await store.readPoll('final')) ?? {}
    const closed = await store.closePoll('final', ['s1', 's2'], closesAt ?? 0)
    expect(closed).toMatchObject({ shards: ['s1', 's2'], closedAt: expect.any(Number) })
    expect(await store.closePoll('final', ['s3'])).toEqual(closed)
    expect(await store.closePoll('nowhere', ['s1'])).toBeUndefined()
  })

  it('writes the result of a closed poll once', async () => {
    const { store } = await open()
    expect((await store.finishPoll('final', aResult(1))).finalAt).toBeUndefined()
    await store.closePoll('final', ['s1'])
    const final = await store.finishPoll('final', aResult(1))
    expect(final).toMatchObject({ finalAt: expect.any(Number), result: aResult(1) })
    expect(await store.finishPoll('final', aResult(2))).toEqual(final)
    expect((await store.readPollsWithout('finalAt')).size).toBe(0)
    const { result: _result, ...listed } = final
    expect([...(await store.readPollsWithout('exportedAt')).values()]).toEqual([listed])
    await store.markExported('final')
    expect((await store.readPollsWithout('exportedAt')).size).toBe(0)
    expect(await store.readPoll('final')).toEqual({ ...final, exportedAt: expect.any(Number) })
  })

  it('keeps the first heads of a poll, and shows no poll where they are', async () => {
    const { store } = await open()
    expect(await store.readHeads('final')).toBeUndefined()
    const heads = { s1: { parts: 2, head: 'a' } }
    expect(await store.writeHeads('final', heads)).toEqual(heads)
    expect(await store.writeHeads('final', { s1: { parts: 3, head: 'b' } })).toEqual(heads)
    expect(await store.readHeads('final')).toEqual(heads)
    expect([...(await store.readPolls()).keys()]).toEqual(['final'])
  })

  it('has every ledger there is, and those of some shards', async () => {
    const { store } = await open()
    for (const id of ['s1', 's2', 's3']) {
      await store.addShard(id)
      await store.putLedger({ ...emptyLedger(id), revision: 1 })
    }
    const ids = (ledgers: readonly Ledger[]) => ledgers.map((ledger) => ledger.shardId).sort()
    expect(ids(await store.readAllLedgers())).toEqual(['s1', 's2', 's3'])
    expect(ids(await store.readLedgers(['s1', 's3', 's9']))).toEqual(['s1', 's3'])
  })

  it('has a part in each outbox until that sink has had it, in the order of the chain', async () => {
    const { store, archive, timeSeries } = await open()
    const first = aPart()
    const second = { ...first, number: 1, bytes: first.bytes.replace('"part":0', '"part":1') }
    await store.writePart(second)
    await store.writePart(first)
    expect(await partsIn(archive)).toEqual([first, second])
    expect(await archive.isSent(shardId, 0)).toBe(false)
    await archive.markSent(first)
    expect(await archive.isSent(shardId, 0)).toBe(true)
    expect(await partsIn(archive)).toEqual([second])
    expect(await partsIn(timeSeries)).toEqual([first, second])
    expect(await archive.isSent(shardId, 7)).toBe(true) // gone: it has expired, which it does only once sent
  })
})

const aResult = (ana: number): PollResult => ({
  counts: { ana },
  rejected: { unknown_option: 1 },
  shards: { s1: { counted: ana, rejected: 1 } },
  newestArrival: null,
  unproved: [],
  latency: { histogram: 'x', clamped: 0 },
})

const partsIn = async (outbox: Outbox): Promise<SealedPart[]> => {
  const parts: SealedPart[] = []
  for await (const page of outbox.unsent()) parts.push(...page)
  return parts
}
