import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Kinesis } from '@aws-sdk/client-kinesis'
import {
  type BenchStream,
  type KinesisOperation,
  type KinesisPress,
  type KinesisSide,
  pageRecords,
} from '../../../load/bench/kinesis.ts'
import { addTallies, emptyTally } from '../../../load/bench/kinesis-record.ts'
import { askUsage } from '../../../load/bench/kinesis-usage.ts'
import { LoadError } from '../../../load/load-error.ts'
import type { ClientAnswer, ClientOrder, ClientSettings, PressOrder } from './kinesis-order.ts'
import { kinesisSdk } from './kinesis-sdk.ts'

/** Where one of the servers listens, and where it tells its usage. */
export type MeasuredServer = { endpoint: string; usagePort: number }

export type Clients = { press: KinesisPress; close(): Promise<void> }

const batchRecords = 500

/** Records of a request; GetRecords reads full pages. */
const recordsPerRequest: Readonly<Record<KinesisOperation, number>> = {
  PutRecords: batchRecords,
  GetRecords: pageRecords,
  PutRecord: 1,
}

/** Requests that each client has under way: many where they are small, as producers do, few where an answer is large. */
const inFlight: Readonly<Record<KinesisOperation, number>> = { PutRecords: 4, GetRecords: 2, PutRecord: 32 }

/** Clients in threads of their own. */
export const startClients = (
  servers: Readonly<Record<KinesisSide, MeasuredServer>>,
  { threads, signed }: { threads: number; signed: boolean },
): Clients => {
  const program = new URL('./kinesis-client.worker.ts', import.meta.url)
  const workers = Array.from({ length: threads }, (_, index) => {
    const workerData: ClientSettings = { name: `c${index}`, signed }
    return new Worker(program, { workerData })
  })
  const sdks = {
    placar: kinesisSdk(servers.placar.endpoint, signed),
    kinesalite: kinesisSdk(servers.kinesalite.endpoint, signed),
  }
  let streams = 0

  const order = async (worker: Worker, what: ClientOrder): Promise<ClientAnswer> => {
    const answered = once(worker, 'message')
    worker.postMessage(what)
    const [answer] = (await answered) as [ClientAnswer | { failure: string }]
    if ('failure' in answer) throw new LoadError(`${what.endpoint}: ${answer.failure}`)
    return answer
  }
  const orderAll = (what: (index: number) => ClientOrder): Promise<ClientAnswer[]> =>
    Promise.all(workers.map((worker, index) => order(worker, what(index))))
  const pressOrder = (stream: BenchStream) => ({
    kind: 'press' as const,
    endpoint: servers[stream.side].endpoint,
    stream: stream.name,
    shards: stream.shards,
  })

  const press: KinesisPress = {
    createStream: async (side, ShardCount) => {
      const sdk = sdks[side]
      streams += 1
      const StreamName = `bench-${streams}`
      await sdk.createStream({ StreamName, ShardCount })
      while ((await status(sdk, StreamName)) !== 'ACTIVE') await sleep(20)
      const { Shards = [] } = await sdk.listShards({ StreamName })
      return { side, name: StreamName, shards: Shards.map(({ ShardId = '' }) => ShardId) }
    },
    deleteStream: async ({ side, name }) => {
      const sdk = sdks[side]
      await sdk.deleteStream({ StreamName: name })
      while ((await sdk.listStreams({})).StreamNames?.includes(name)) await sleep(20)
    },
    press: async (stream, operation, seconds) => {
      const { usagePort } = servers[stream.side]
      const before = await askUsage(usagePort)
      const answers = await orderAll(() => ({
        ...pressOrder(stream),
        operation,
        inFlight: inFlight[operation],
        recordsPerRequest: recordsPerRequest[operation],
        seconds,
        atMost: Number.POSITIVE_INFINITY,
      }))
      const after = await askUsage(usagePort)
      const records = sum(answers.map((answer) => answer.records))
      return {
        requests: sum(answers.map(({ requests }) => requests)),
        records,
        recordsPerSecond: (records * 1_000) / Math.max(...answers.map(({ tookMs }) => tookMs)),
        serverCpuMs: after.cpuMs - before.cpuMs,
        tally: answers.map(({ tally }) => tally).reduce(addTallies, emptyTally),
      }
    },
    fill: async (stream, records) => {
      const [worker] = workers
      if (worker === undefined) throw new LoadError('There is no client.')
      const fillOrder: PressOrder = {
        ...pressOrder(stream),
        operation: 'PutRecords',
        inFlight: inFlight.PutRecords,
        recordsPerRequest: batchRecords,
        seconds: Number.POSITIVE_INFINITY,
        atMost: Math.ceil(records / batchRecords),
      }
      return (await order(worker, fillOrder)).tally
    },
    readBack: async ({ side, name, shards }) => {
      const { endpoint } = servers[side]
      const answers = await orderAll((client) => ({
        kind: 'read',
        endpoint,
        stream: name,
        shards: shards.filter((_, index) => index % threads === client),
      }))
      return answers.map(({ tally }) => tally).reduce(addTallies, emptyTally)
    },
  }
  return {
    press,
    close: async () => {
      sdks.placar.destroy()
      sdks.kinesalite.destroy()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

const status = async (sdk: Kinesis, StreamName: string): Promise<string | undefined> =>
  (await sdk.describeStreamSummary({ StreamName })).StreamDescriptionSummary?.StreamStatus

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
