import { parentPort, workerData } from 'node:worker_threads'
import type { Kinesis } from '@aws-sdk/client-kinesis'
import {
  benchRecord,
  emptyTally,
  type Receipt,
  type RecordTally,
  withRecord,
} from '../../../load/bench/kinesis-record.ts'
import type { ClientAnswer, ClientOrder, ClientSettings, PressOrder, ReadOrder } from './kinesis-order.ts'
import { kinesisSdk } from './kinesis-sdk.ts'

/** The SDK's client in a thread of its own. It does what it is told, one order after the other. */
const { name: client, signed }: ClientSettings = workerData

const sdks = new Map<string, Kinesis>()
const sdkOf = (endpoint: string): Kinesis => {
  const sdk = sdks.get(endpoint) ?? kinesisSdk(endpoint, signed)
  sdks.set(endpoint, sdk)
  return sdk
}

/** Records put so far: each has a number of its own. */
let put = 0

/** Presses one kind of request until the time is up, `inFlight` of them at a time. */
const press = async (order: PressOrder): Promise<ClientAnswer> => {
  const sdk = sdkOf(order.endpoint)
  const stored: { first: number; receipts: Receipt[] }[] = []
  let begun = 0
  let requests = 0
  let records = 0
  const startedAt = performance.now()
  const endsAt = startedAt + order.seconds * 1_000
  const isOver = (): boolean => performance.now() >= endsAt || begun >= order.atMost
  const answered = (count: number): void => {
    if (count !== order.recordsPerRequest)
      throw new Error(`a request was answered with ${count} records, expected ${order.recordsPerRequest}`)
    requests += 1
    records += count
  }

  const putOnce = async (): Promise<void> => {
    begun += 1
    const first = put
    put += order.recordsPerRequest
    const receipts = await putFrom(sdk, order, first)
    answered(receipts.length)
    stored.push({ first, receipts })
  }
  const readOnce = async (): Promise<void> => {
    for await (const page of pagesOf(sdk, order.stream, order.shards[0] ?? '', order.recordsPerRequest)) {
      if (page.length === 0) return
      answered(page.length)
      if (isOver()) return
    }
  }
  const loop = async (): Promise<void> => {
    while (!isOver()) await (order.operation === 'GetRecords' ? readOnce() : putOnce())
  }
  await Promise.all(Array.from({ length: order.inFlight }, loop))
  const tookMs = performance.now() - startedAt

  let tally = emptyTally
  for (const { first, receipts } of stored)
    for (const [index, receipt] of receipts.entries())
      tally = withRecord(tally, receipt, benchRecord(client, first + index))
  return { requests, records, tookMs, tally }
}

const putFrom = async (sdk: Kinesis, order: PressOrder, first: number): Promise<Receipt[]> => {
  const StreamName = order.stream
  if (order.operation === 'PutRecord') {
    const answer = await sdk.putRecord({ StreamName, ...benchRecord(client, first) })
    return [receiptOf(answer)]
  }
  const Records = Array.from({ length: order.recordsPerRequest }, (_, index) =>
    benchRecord(client, first + index),
  )
  const answer = await sdk.putRecords({ StreamName, Records })
  return (answer.Records ?? []).map(receiptOf)
}

const receiptOf = (answer: {
  ShardId?: string | undefined
  SequenceNumber?: string | undefined
}): Receipt => {
  const { ShardId, SequenceNumber } = answer
  if (ShardId === undefined || SequenceNumber === undefined)
    throw new Error(`a record was not stored: ${JSON.stringify(answer)}`)
  return { ShardId, SequenceNumber }
}

/** Reads some shards from their beginning to their end. */
const read = async ({ endpoint, stream, shards }: ReadOrder): Promise<RecordTally> => {
  let tally = emptyTally
  for (const ShardId of shards)
    for await (const page of pagesOf(sdkOf(endpoint), stream, ShardId, 10_000)) {
      if (page.length === 0) break
      for (const { SequenceNumber = '', PartitionKey = '', Data = new Uint8Array() } of page)
        tally = withRecord(tally, { ShardId, SequenceNumber }, { PartitionKey, Data })
    }
  return tally
}

/** The pages of a shard from its beginning on; they are empty at the end of it. */
async function* pagesOf(sdk: Kinesis, StreamName: string, ShardId: string, Limit: number) {
  const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const
  let next = (await sdk.getShardIterator(from)).ShardIterator
  while (next) {
    const { Records = [], NextShardIterator } = await sdk.getRecords({ ShardIterator: next, Limit })
    yield Records
    next = NextShardIterator
  }
}

const obey = async (order: ClientOrder): Promise<ClientAnswer> => {
  if (order.kind === 'press') return await press(order)
  const tally = await read(order)
  return { requests: 0, records: 0, tookMs: 0, tally }
}

parentPort?.on('message', (order: ClientOrder) => {
  obey(order).then(
    (answer) => parentPort?.postMessage(answer),
    (error: unknown) => parentPort?.postMessage({ failure: String(error) }),
  )
})
