import { expect } from 'vitest'
import type { TumblingWindowEvent } from '../../../../aggregators/kinesis-event.ts'
import type { Checkpoints } from '../../../../infra/local/lambda/checkpoints.ts'
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../../../infra/local/lambda/event-source-mapping.ts'
import type { InvocationResult, KinesisPayload } from '../../../../infra/local/lambda/invocation.ts'
import { kinesisEvent } from '../../../../infra/local/lambda/kinesis-event.ts'
import { type MappingSettings, mappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import { pollMs, restMs } from '../../../../infra/local/lambda/pace.ts'
import { type MappingRules, mappingRules } from './mapping-rules.ts'
import { type MemoryShard, streamInMemory } from './stream-in-memory.ts'

/** What the function does when it is invoked. `reported`: it says that records from this one on (modulo) have failed. */
export type Answer =
  | 'succeeds'
  | 'throws'
  | 'is refused'
  | 'answers no state'
  | 'answers a state over 1 MB'
  | { reported: number }

/** One thing that happens to a mapping. Numbers choose modulo what there is. */
export type Step =
  | { do: 'put'; shard: number; backMs: number }
  | { do: 'split'; shard: number }
  | { do: 'merge'; shard: number }
  | { do: 'wait'; ms: number }
  | { do: 'answer'; invocation: number; answer: Answer }
  | { do: 'the destination fails'; times: number }
  | { do: 'store checkpoints' }
  | { do: 'crash' }
  | { do: 'stop' }

type Pending = {
  shard: MemoryShard
  event: TumblingWindowEvent
  answer: (result: InvocationResult) => void
}

type Life = {
  mapping: EventSourceMapping
  rules: MappingRules
  pending: Pending[]
  sleeping: { until: number; wake: () => void }[]
  positions: Map<string, number>
  isOver: boolean
}

const idleCloseMs = 1000
const large = 'x'.repeat(1024 * 1024)

/** Everything that can go on by itself has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The real mapping on a stream in memory, with a clock and a function that do what they are told, under its rules. */
export const mappingWorld = (given: Partial<MappingSettings>) => {
  const settings = mappingSettings(given)
  const reports = settings.FunctionResponseTypes.length > 0
  const memory = streamInMemory()
  let now = 1_000_000
  let states = 0
  let failing = 0
  /** By shard, as stored. */
  let stored = new Map<string, number>()
  /** What no later life has to deliver any more: processed, or in a failure record. */
  const handled = new Set<string>()
  /** What the rules did not allow; kept, since the mapping would take what is thrown to it for a failure. */
  const broken: unknown[] = []
  const judge = (check: () => void): void => {
    try {
      check()
    } catch (error) {
      broken.push(error)
    }
  }
  const shardOf = (id: string): MemoryShard => {
    const shard = memory.shards.find((shard) => id.endsWith(shard.id))
    if (shard === undefined) throw new Error(`no shard ${id}`)
    return shard
  }

  const start = (): Life => {
    const positions = new Map(stored)
    const begins = new Map(
      memory.shards.map((shard) => [
        shard,
        shard.records.filter(({ end }) => end <= (positions.get(shard.id) ?? 0)).length,
      ]),
    )
    const rules = mappingRules(memory.shards, { ...settings, idleCloseMs }, (shard) => begins.get(shard) ?? 0)
    const life: Omit<Life, 'mapping'> = { rules, pending: [], sleeping: [], positions, isOver: false }
    const checkpoints: Checkpoints = {
      position: (key) => {
        const offset = positions.get(shardOf(key).id)
        return offset === undefined ? undefined : { segment: 0, offset }
      },
      advance: (key, { offset }) => {
        if (life.isOver) return
        judge(() => rules.checkpointed(shardOf(key), offset))
        positions.set(shardOf(key).id, offset)
      },
      keep: () => {},
      close: async () => {},
    }
    const mapping = startEventSourceMapping({
      stream: memory.stream,
      pool: {
        invoke: ({ payload }) =>
          new Promise((answer) => {
            if (life.isOver) return
            const { shardId } = payload as KinesisPayload
            const shard = shardOf(shardId)
            const event = kinesisEvent(payload as KinesisPayload) as TumblingWindowEvent
            judge(() => rules.invoked(shard, event, now))
            life.pending.push({ shard, event, answer })
          }),
        close: async () => {},
      },
      functionName: 'aggregate',
      timeoutMs: 1000,
      settings,
      onFailure: async (record) => {
        if (life.isOver) return
        if (failing > 0) {
          failing -= 1
          throw new Error('no destination')
        }
        const shard = shardOf(record.KinesisBatchInfo.shardId)
        judge(() => rules.discarded(shard, record, now))
        for (const { kinesis } of JSON.parse(record.payload).Records) handled.add(kinesis.data)
      },
      pollMs,
      restMs,
      idleCloseMs,
      now: () => now,
      pause: (ms, stopping) =>
        new Promise((wake) => {
          if (life.isOver) return // a crash: nothing ever goes on
          if (stopping.aborted) return wake()
          life.sleeping.push({ until: now + ms, wake })
          stopping.addEventListener('abort', () => wake())
        }),
      checkpoints,
      log: () => {},
    })
    return Object.assign(life, { mapping })
  }
  let life = start()

  const answer = (number: number, how: Answer): void => {
    const at = number % life.pending.length
    const [pending] = life.pending.splice(at, 1)
    if (pending === undefined) return
    const { shard, event } = pending
    const failed = (result: InvocationResult): void => {
      judge(() => life.rules.failed(shard))
      pending.answer(result)
    }
    if (how === 'throws') {
      failed({ ok: false, error: 'no table' })
      return
    }
    if (how === 'is refused') {
      judge(() => life.rules.refused(shard))
      pending.answer({ ok: false, error: 'too many wait', refused: true })
      return
    }
    if (how === 'answers no state' && settings.TumblingWindowInSeconds > 0) {
      failed({ ok: true, json: 'null' })
      return
    }
    states += 1
    const state = how === 'answers a state over 1 MB' ? { large, states } : { states }
    const { Records } = event
    const isReported = typeof how === 'object' && Records.length > 0
    answerTo(pending, state, isReported ? how.reported % Records.length : Records.length)
  }

  const answerTo = ({ shard, event, answer }: Pending, state: object, from: number): void => {
    const failures = event.Records.slice(from)
    const processed = reports ? from : event.Records.length
    for (const { kinesis } of event.Records.slice(0, processed)) handled.add(kinesis.data)
    judge(() => life.rules.succeeded(shard, state, processed))
    const batchItemFailures = failures.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }))
    answer({ ok: true, json: JSON.stringify({ state, batchItemFailures: batchItemFailures.reverse() }) })
  }

  const wait = async (ms: number): Promise<void> => {
    now += ms
    const due = life.sleeping.filter(({ until }) => until <= now)
    life.sleeping = life.sleeping.filter(({ until }) => until > now)
    for (const { wake } of due) wake()
    await settled()
  }

  /** What runs is let end well; then it stops, with its checkpoints stored. */
  const stop = async (): Promise<void> => {
    const closing = life.mapping.close()
    await settled()
    while (life.pending.length > 0) {
      answer(0, 'succeeds')
      await settled()
    }
    await closing
    stored = new Map(life.positions)
    life.isOver = true
  }

  const happen = async (step: Step): Promise<void> => {
    const open = memory.shards.filter(({ endedAt }) => endedAt === undefined)
    switch (step.do) {
      case 'put':
        return memory.put(open[step.shard % open.length] as MemoryShard, now - step.backMs)
      case 'split':
        return memory.split(open[step.shard % open.length] as MemoryShard, now)
      case 'merge': {
        const [left, right] = [open[step.shard % open.length], open[(step.shard + 1) % open.length]]
        if (left !== undefined && right !== undefined && left !== right) memory.merge(left, right, now)
        return
      }
      case 'wait':
        return wait(step.ms)
      case 'answer':
        return answer(step.invocation, step.answer)
      case 'the destination fails':
        failing = step.times
        return
      case 'store checkpoints':
        stored = new Map(life.positions)
        return
      case 'crash':
        life.isOver = true
        life = start()
        return
      case 'stop':
        await stop()
        life = start()
        return
      default:
        step satisfies never
    }
  }

  return {
    /** Throws what the rules did not allow. */
    step: async (step: Step): Promise<void> => {
      await happen(step)
      await settled()
      if (broken.length > 0) throw broken[0]
    },
    /** Nothing fails any more; then every record has been handled, and no window is open. */
    comeToRest: async (): Promise<void> => {
      failing = 0
      for (let round = 0; round < 400 && !memory.shards.every(life.rules.isDone); round += 1) {
        while (life.pending.length > 0) {
          answer(0, 'succeeds')
          await settled()
        }
        await wait(1000)
      }
      if (broken.length > 0) throw broken[0]
      expect(memory.shards.filter((shard) => !life.rules.isDone(shard)).map(({ id }) => id)).toEqual([])
      const put = memory.shards.flatMap(({ records }) =>
        records.map(({ data }) => Buffer.from(data).toString('base64')),
      )
      expect(
        put.filter((data) => !handled.has(data)),
        'records that were never delivered',
      ).toEqual([])
      await stop()
    },
  }
}
