import { onTestFinished } from 'vitest'
import { kinesisService } from '../../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { type Kinesis, openKinesis } from '../../../../../infra/local/kinesis/kinesis.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

export type Answer = { status: number; body: Body }

/** The fields that tests look at; what is missing in an answer is missing here. */
type Body = {
  __type?: string
  message?: string
  Message?: string
  ShardIterator?: string
  NextShardIterator?: string | null
  NextToken?: string
  MillisBehindLatest?: number
  FailedRecordCount?: number
  SequenceNumber?: string
  ShardId?: string
  StreamNames?: string[]
  HasMoreStreams?: boolean
  Shards?: ShardBody[]
  ChildShards?: object[]
  Records?: RecordBody[]
  Tags?: { Key: string; Value: string }[]
  HasMoreTags?: boolean
  StreamDescription?: {
    StreamStatus: string
    Shards: ShardBody[]
    HasMoreShards: boolean
    RetentionPeriodHours: number
    EnhancedMonitoring: object[]
  }
}

type ShardBody = {
  ShardId: string
  SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string }
}

type RecordBody = {
  PartitionKey?: string
  Data?: string
  SequenceNumber?: string
  ShardId?: string
  ErrorCode?: string
  ApproximateArrivalTimestamp?: number
}

export type Caller = {
  engine: Kinesis
  folder: string
  /** Moves by hand; epoch ms. */
  clock: { now: number }
  call(action: string, input: object): Promise<Answer>
  /** What was logged. */
  logged: string[]
}

export const start = 1_790_000_000_000

export const text = (data: string): string => Buffer.from(data).toString('base64')

type Options = { limits?: boolean; changeMs?: number; folder?: string; scalingsADay?: number }

/** Kinesis's actions on a real engine in a temporary folder, called without HTTP. */
export const openCaller = async ({
  limits = false,
  changeMs = 0,
  folder,
  ...options
}: Options = {}): Promise<Caller> => {
  const clock = { now: start }
  const now = (): number => clock.now
  const place = folder ?? (await temporaryFolder())
  const engine = await openKinesis({ folder: place, limits, now, changeMs, ...options })
  onTestFinished(() => engine.close())
  const logged: string[] = []
  const service = kinesisService({ engine, now, log: (message) => logged.push(message) })
  const call: Caller['call'] = async (action, input) => {
    const { status, body } = await service.handle(action, Buffer.from(JSON.stringify(input)), {
      'content-type': 'application/x-amz-json-1.1',
    })
    return { status, body: body.length === 0 ? {} : JSON.parse(String(body)) }
  }
  return { engine, folder: place, clock, call, logged }
}

export const shardName = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

/** The iterator of a type in a stream's first shard. */
export const iteratorOf = async (
  { call }: Caller,
  StreamName: string,
  ShardIteratorType: string,
  more: object = {},
): Promise<string> => {
  const { status, body } = await call('GetShardIterator', {
    StreamName,
    ShardId: shardName(0),
    ShardIteratorType,
    ...more,
  })
  if (status !== 200 || body.ShardIterator === undefined) throw new Error(JSON.stringify(body))
  return body.ShardIterator
}

/** Partition keys of what an iterator reads next. */
export const keysFrom = async ({ call }: Caller, ShardIterator: string): Promise<(string | undefined)[]> =>
  ((await call('GetRecords', { ShardIterator })).body.Records ?? []).map(({ PartitionKey }) => PartitionKey)
