import { type TumblingWindowEvent, toArrivedRecords } from '../../aggregators/kinesis-event.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import type { RecordBody } from '../../ingest/envelope.ts'
import type { Decision } from './decision.ts'
import { poison } from './recount.ts'
import { type LogShard, type RawRecord, retentionMs } from './shard-log.ts'
import { type Fault, inTurns, newTask } from './task.ts'
import {
  type EnvironmentMemory,
  happened,
  inMap,
  isBetweenCalls,
  lambdaNow,
  type Poller,
  type Process,
  runIn,
  type World,
  windowMs,
} from './world.ts'

export type Delivery = Extract<Decision, { do: 'deliver' }>

/** The hostile mapping: one invocation of the aggregator, in any way that AWS permits or leaves open. */
export const deliver = async (world: World, shard: LogShard, delivery: Delivery): Promise<void> => {
  const poller = pollerOf(world, shard, delivery.poller)
  const event = eventOf(world, shard, poller, delivery)
  if (event === undefined) return
  const { from, ...rest } = event
  const records = rest.Records.length
  meetKinds(world, shard, poller, delivery, from, records)
  const answer = await invoke(world, rest, delivery.environment, delivery.fault)
  poller.failed = answer === undefined ? { from, records } : undefined
  if (answer === undefined) return
  inMap(world.states, shard.id, () => []).push(answer)
  poller.position = from + records
  shard.acknowledged = Math.max(shard.acknowledged, poller.position)
  poller.state = event.isFinalInvokeForWindow ? {} : answer
  if (!event.isFinalInvokeForWindow || poller.window === undefined) return
  poller.finished = poller.window.start
  poller.window = undefined
}

/** What of all that a mapping may do this delivery is. */
const meetKinds = (
  world: World,
  shard: LogShard,
  { position, failed, windowFrom }: Poller,
  { state, final, again, poller }: Delivery,
  from: number,
  records: number,
): void => {
  if (isBetweenCalls(world, 'closer')) happened(world, 'an aggregator counts between two calls of a closer')
  happened(world, `a ${state} state`)
  if (final !== 'no') happened(world, `a final invoke ${final}`)
  if (again === 'window' && from < position) happened(world, 'a window is delivered again from its start')
  else if (from < windowFrom) happened(world, 'records from before the window are delivered again')
  else if (from < position) happened(world, 'records are delivered again')
  if (records > 0 && failed?.from === from && failed.records !== records)
    happened(world, 'what failed is cut anew')
  if (world.pollers.has(`${shard.id}/${1 - poller}`)) happened(world, 'two pollers in one shard')
  if (shard.parents.some(({ acknowledged, records }) => acknowledged < records.length))
    happened(world, 'a child is read before its parent is done')
}

/** A new poller begins where the mapping's checkpoint is: all before it was counted, as somebody has answered. */
export const pollerOf = (world: World, shard: LogShard, number: number): Poller =>
  inMap(world.pollers, `${shard.id}/${number}`, () => {
    const position = Math.max(0, ...[0, 1].map((n) => world.pollers.get(`${shard.id}/${n}`)?.position ?? 0))
    return { position, windowFrom: position, window: undefined, state: {} }
  })

const eventOf = (
  world: World,
  shard: LogShard,
  poller: Poller,
  { again, size, final, state, stale }: Delivery,
): (TumblingWindowEvent & { from: number }) | undefined => {
  if (final === 'without records') {
    if (poller.window === undefined) return undefined
    return event(shard, poller.position, [], poller.window, true, poller.state)
  }
  const from = Math.max(again === 'window' ? poller.windowFrom : poller.position - again, shard.expired)
  const first = shard.records[from]
  if (first === undefined) return undefined
  const window = windowOf(first)
  if (poller.window?.start !== window.start) {
    if (poller.window !== undefined) happened(world, 'a window that has no final invoke')
    if (poller.finished === window.start && from >= poller.position)
      happened(world, 'a window that ends early and goes on')
    Object.assign(poller, { window, windowFrom: from, state: {} } satisfies Partial<Poller>)
  }
  const other = shard.records.findIndex((record, at) => at > from && windowOf(record).start !== window.start)
  const records = shard.records.slice(from, Math.min(other < 0 ? shard.records.length : other, from + size))
  const old = world.states.get(shard.id) ?? []
  const given = { right: poller.state, lost: undefined, reset: {}, stale: old[stale % (old.length || 1)] }
  return event(shard, from, records, window, final === 'with records', given[state])
}

const windowOf = ({ arrival }: RawRecord): { start: number; end: number } => {
  const start = Math.floor(arrival / windowMs) * windowMs
  return { start, end: start + windowMs }
}

const event = (
  shard: LogShard,
  from: number,
  records: readonly RawRecord[],
  { start, end }: { start: number; end: number },
  isFinalInvokeForWindow: boolean,
  state: Record<string, unknown> | undefined,
): TumblingWindowEvent & { from: number } => ({
  from,
  shardId: shard.id,
  Records: records.map(({ sequenceNumber, arrival, partitionKey, data }) => ({
    eventID: `${shard.id}:${sequenceNumber}`,
    kinesis: {
      partitionKey,
      sequenceNumber,
      data: data.toString('base64'),
      approximateArrivalTimestamp: arrival / 1000,
    },
  })),
  window: { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
  ...(state === undefined ? {} : { state }),
  eventSourceARN: '',
  isFinalInvokeForWindow,
  isWindowTerminatedEarly:
    isFinalInvokeForWindow && (shard.records[from + records.length]?.arrival ?? end) < end,
})

/** What aggregate.lambda.ts does with an event. @returns the state; `undefined` when the mapping takes it for a failure */
const invoke = async (
  world: World,
  { shardId, Records, window, state, isFinalInvokeForWindow }: TumblingWindowEvent,
  number: number,
  fault: Fault | undefined,
): Promise<Record<string, unknown> | undefined> => {
  const process = inMap(world.environments, number, () => newEnvironment(world))
  const { read } = process.memory
  if (read.polls < world.table.polls.size && lambdaNow(world) - read.atMs < 10_000)
    happened(world, 'a batch meets definitions that were read before the newest poll')
  let answer: Record<string, unknown> | undefined
  const ledger = state?.ledger as Ledger | undefined
  const work = async (): Promise<void> => {
    const counted = await world.product.aggregate(
      {
        shardId,
        window: { start: Date.parse(window.start), end: Date.parse(window.end) },
        records: toArrivedRecords(Records),
        isFinal: isFinalInvokeForWindow,
        cached: ledger?.shardId === shardId ? ledger : undefined,
      },
      {
        ...process.memory,
        now: () => lambdaNow(world),
        retentionMs,
        forEach: (records, fold) =>
          world.product.forEach(records, (record) => {
            if (isPoisoned(record.body)) throw new Error('poison')
            fold(record)
          }),
      },
    )
    answer = JSON.parse(JSON.stringify({ ledger: counted }))
  }
  await runIn(world, process, () => world.environments.delete(number), work, fault, shardId)
  // What hangs may come to an end later; by then nobody listens.
  return process.task.state === 'done' ? answer : undefined
}

const isPoisoned = (body: RecordBody): boolean =>
  body.kind === 'votes' && body.votes.some(({ voterId }) => voterId === poison)

/** A Lambda environment; what it remembers is the definitions it has read. */
const newEnvironment = (world: World): Process<EnvironmentMemory> => {
  const process: { task: Process<EnvironmentMemory>['task'] } = { task: newTask('aggregator') }
  const read = { atMs: Number.NEGATIVE_INFINITY, polls: 0 }
  const table = world.product.table(world.failing)
  const readPolls = async () => {
    const polls = await table.readPolls()
    Object.assign(read, { atMs: lambdaNow(world), polls: polls.size })
    return polls
  }
  const store = inTurns({ ...table, readPolls }, () => process.task)
  const polls = world.product.pollCache(store, () => lambdaNow(world))
  return Object.assign(process, { memory: { store, polls, read } })
}
