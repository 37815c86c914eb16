import { describe, expect, it, vi } from 'vitest'
import { dynamoCountStore } from '../../aggregators/count.store.ts'
import type { TumblingWindowEvent } from '../../aggregators/kinesis-event.ts'
import { retentionHoursVariable } from '../../aggregators/variables.ts'
import { writeEnvelope } from '../../ingest/envelope.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import { openCountTable, tableName } from '../infra/local/open-count-table.ts'
import { sequenceAt, shardId } from './arrivals.ts'
import { handlerWorker } from './handler-worker.ts'

const window = { start: '2026-11-21T05:00:00Z', end: '2026-11-21T05:00:05Z' }

const record = (at: number, data: string, arrival: number): TumblingWindowEvent['Records'][number] => ({
  eventID: `${shardId}:${sequenceAt(at)}`,
  kinesis: {
    partitionKey: `v-${at}`,
    sequenceNumber: sequenceAt(at),
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: arrival / 1000,
  },
})

const event = (changes: Partial<TumblingWindowEvent>): TumblingWindowEvent => ({
  Records: [],
  window,
  state: {},
  shardId,
  eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/placar-votes',
  isFinalInvokeForWindow: false,
  isWindowTerminatedEarly: false,
  ...changes,
})

const openHandler = async () => {
  const { client, endpoint } = await openCountTable()
  const poll = await pollStore(client, tableName).createPoll({
    id: 'final',
    title: 'Final',
    options: [
      { id: 'ana', label: 'Ana' },
      { id: 'bia', label: 'Bia' },
    ],
  })
  const worker = handlerWorker(import.meta.resolve('../../aggregators/aggregate.lambda.ts'), {
    AWS_ENDPOINT_URL: endpoint,
    [retentionHoursVariable]: '24',
  })
  const invoke = async (changes: Partial<TumblingWindowEvent>) => {
    const result = await worker.invoke(event(changes))
    return result.ok ? JSON.parse(result.json) : result
  }
  return {
    invoke,
    store: dynamoCountStore(client, tableName),
    at: poll.createdAt,
    published: worker.published,
  }
}

describe('the aggregator', () => {
  it('counts a batch, answers with its state, and seals the window at the final invoke', async () => {
    const { invoke, store, at } = await openHandler()
    const ana = writeEnvelope('final', at, [{ option: 'ana' }])
    const three = writeEnvelope('final', at, [{ option: 'bia' }, { option: 'eva' }, { option: 'bia' }])
    const first = await invoke({
      Records: [record(1, ana, at), record(2, '{', at), record(3, three, at + 5)],
    })
    expect(first).toEqual({
      state: { ledger: expect.objectContaining({ revision: 1 }) },
      batchItemFailures: [],
    })
    const again = await invoke({
      Records: [record(3, three, at + 5), record(4, ana, at + 9)],
      state: first.state,
    })
    expect(again.state.ledger.revision).toBe(2)
    const final = await invoke({ isFinalInvokeForWindow: true, state: again.state })
    expect(final).toMatchObject({
      state: { ledger: { revision: 3, parts: 1, open: null } },
      batchItemFailures: [],
    })

    const ledger = await store.readLedger(shardId)
    expect(ledger).toMatchObject({
      entries: { final: { counts: { ana: 2, bia: 2 }, rejected: { unknown_option: 1 } } },
      lifetime: { counted: 4, rejected: { unknown_option: 1, malformed: 1 } },
      sealed: { number: 0 },
    })
    expect((await store.readPolls()).get('final')?.shards).toEqual([shardId])
  })

  it('publishes what each invocation counted and rejected, and a replay nothing', async () => {
    const { invoke, at, published } = await openHandler()
    const two = record(1, writeEnvelope('final', at, [{ option: 'bia' }, { option: 'eva' }]), at)
    const broken = record(2, '{', at)
    const first = await invoke({ Records: [two] })
    await invoke({ Records: [two, broken] })
    await invoke({ Records: [two, broken], state: first.state })
    await invoke({ Records: [record(3, '{', at), record(4, '{', at)] })
    // What a worker prints comes on a way of its own, in order, perhaps behind its answer.
    await vi.waitFor(() => expect(published().at(-1)).toMatchObject({ Rejected: 2 }), { timeout: 20_000 })
    expect(published()).toEqual([
      expect.objectContaining({
        service: 'aggregate',
        Counted: 1,
        Rejected: 1,
        AcceptedToCountedP99: expect.any(Number),
      }),
      expect.objectContaining({ service: 'aggregate', Counted: 0, Rejected: 1 }),
      expect.objectContaining({ service: 'aggregate', Counted: 0, Rejected: 2 }),
    ])
    for (const { _aws } of published()) {
      expect(_aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'Placar/show', Dimensions: [['service']] }])
    }
  })

  it('a stale or foreign state changes nothing', async () => {
    const { invoke, store, at } = await openHandler()
    const ana = (n: number) => record(n, writeEnvelope('final', at, [{ option: 'ana' }]), at)
    const first = await invoke({ Records: [ana(1)] })
    await invoke({ Records: [ana(2)], state: first.state })
    await invoke({ Records: [ana(2), ana(3)], state: first.state })
    await invoke({
      Records: [ana(4)],
      state: { ledger: { ...first.state.ledger, shardId: 'shardId-000000000007' } },
    })
    expect((await store.readLedger(shardId))?.lifetime).toEqual({ counted: 4, rejected: {} })
  })

  it('a batch of nothing but broken records is rejected, not failed', async () => {
    const { invoke, store } = await openHandler()
    const answer = await invoke({ Records: [record(1, '', 1), record(2, '\u0000', 2), record(3, 'null', 3)] })
    expect(answer).toMatchObject({ batchItemFailures: [] })
    expect((await store.readLedger(shardId))?.lifetime).toEqual({ counted: 0, rejected: { malformed: 3 } })
  })
})
