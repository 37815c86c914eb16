import type { CountStore } from '../../aggregators/count-store.ts'
import type { PollCache } from '../../aggregators/poll-cache.ts'
import type { Scoreboard, Stats } from '../../dashboard/read-model.ts'
import type { Views } from '../../dashboard/views.ts'
import type { Poll } from '../../ingest/poll.ts'
import { type MemoryCountStore, memoryCountStore } from '../aggregators/memory-count-store.ts'
import { type Archive, emptyArchive } from './archive.ts'
import type { Takes } from './decision.ts'
import { faultKinds, type Met, meet, type NamedKind } from './kinds.ts'
import type { Product } from './product.ts'
import { type ShardLog, shardLog } from './shard-log.ts'
import type { Story } from './story.ts'
import { type Fault, MadeFailure, newTask, runTask, type Task, type Who } from './task.ts'

/** A process with its memory. It has one task at a time; one whose task hangs or died is used by no other. */
export type Process<Memory> = { task: Task; memory: Memory }

/** How far one poller of the event source mapping is in a shard: indexes into its records. */
export type Poller = {
  position: number
  windowFrom: number
  window: { start: number; end: number } | undefined
  state: Record<string, unknown>
  /** Start of the window that had its final invoke last. */
  finished?: number
  /** What it tried last, and failed with. */
  failed?: { from: number; records: number } | undefined
}

/** `read`: when the definitions were read that it may still go by, and how many there were. */
export type EnvironmentMemory = {
  store: CountStore
  polls: PollCache
  read: { atMs: number; polls: number }
}
export type CloserMemory = {
  run: (rounds: number) => Promise<unknown>
  freeze: (poll: string) => Promise<unknown>
}
export type ExporterMemory = {
  run: () => Promise<unknown>
  behind: number
  takes: Takes
  seriesTakes: Takes
}

/** Everything there is in a simulated world. `now` is the time that no clock in it shows exactly, epoch ms. */
export type World = {
  product: Product
  story: Story
  now: number
  log: ShardLog
  /** As it is; for checks. */
  table: MemoryCountStore
  /** As everybody uses it: it fails for a while. */
  failing: MemoryCountStore
  tableFailsUntil: number
  pollers: Map<string, Poller>
  /** The states that any invocation of a shard ever returned. */
  states: Map<string, Record<string, unknown>[]>
  environments: Map<number, Process<EnvironmentMemory>>
  closers: Map<number, Process<CloserMemory>>
  exporters: Map<number, Process<ExporterMemory>>
  settled: Set<string>
  readers: Map<string, Process<Views>>
  hanging: Task[]
  boards: Map<string, Scoreboard>
  stats: Stats | undefined
  archive: Archive
  /** How many of each work were begun. */
  begun: Map<string, number>
  met: Met
  /** What was seen to be wrong. */
  violations: string[]
}

export const windowMs = 5000
/** Some instant; windows and seconds do not begin at it. */
const beginning = 1_790_000_000_123

export const tableNow = (world: World): number => world.now
export const lambdaNow = ({ now, story }: World): number => now + story.lambdaAheadMs
export const streamNow = ({ now, story }: World): number => now + story.streamAheadMs

/**
 * @param met gets the kinds of what happens in it
 * @param observed the table, with an eye on how its calls meet
 */
export const newWorld = (
  product: Product,
  story: Story,
  met: Met = new Map(),
  observed = (table: MemoryCountStore, _world: () => World): MemoryCountStore => table,
): World => {
  const polls: Poll[] = []
  const table: MemoryCountStore = {
    ...observed(
      memoryCountStore(polls, () => world.now),
      () => world,
    ),
    untilNow: async (time) => {
      if (time <= world.now) return
      happened(world, "a batch waits for the table's clock")
      pass(world, time - world.now)
    },
  }
  const failing = failingWhile(table, () => {
    const fails = world.now < world.tableFailsUntil
    if (fails) happened(world, 'the table fails for a while')
    return fails
  })
  const world: World = {
    product,
    story,
    now: beginning,
    log: shardLog(story.shards, beginning + story.streamAheadMs, () => streamNow(world)),
    table,
    failing,
    tableFailsUntil: 0,
    pollers: new Map(),
    states: new Map(),
    environments: new Map(),
    closers: new Map(),
    exporters: new Map(),
    settled: new Set(),
    readers: new Map(),
    hanging: [],
    boards: new Map(),
    stats: undefined,
    archive: emptyArchive(),
    begun: new Map(),
    met,
    violations: [],
  }
  return world
}

export const happened = ({ met }: World, kind: NamedKind): void => meet(met, kind)

/** Time goes by, and the stream forgets. */
export const pass = (world: World, ms: number): void => {
  world.now += ms
  if (world.log.expire() > 0) happened(world, 'records expire unread')
}

/** Whether somebody stands still between two of its calls. @param at before this one */
export const isBetweenCalls = ({ hanging }: World, who: Who, at?: string): boolean =>
  hanging.some((task) => task.who === who && (at === undefined || task.hangsAt === at))

/** Runs a task of a process. One that hangs or dies leaves its slot to a new process, and goes on, if at all, beside it. */
export const runIn = async <Memory>(
  world: World,
  process: Process<Memory>,
  retire: () => void,
  work: () => Promise<void>,
  fault: Fault | undefined,
  name: string = process.task.who,
): Promise<void> => {
  const number = (world.begun.get(name) ?? 0) + 1
  world.begun.set(name, number)
  const task = newTask(process.task.who, name, number, fault === undefined)
  process.task = task
  await runTask(task, work, fault)
  afterRun(world, task)
  if (task.state === 'hanging' || task.state === 'dead') retire()
}

/** Keeps what hangs, and tells of a failure that the simulation has not made. */
export const afterRun = (world: World, task: Task): void => {
  world.hanging = world.hanging.filter((other) => other !== task)
  if (task.state === 'hanging') world.hanging.push(task)
  for (const { how, call } of task.faults)
    for (const kind of faultKinds(task.who, how, call)) meet(world.met, kind)
  task.faults = []
  if (task.state === 'running') world.violations.push('something waits for what nobody does')
  if (task.state === 'failed')
    for (const error of causesOf(task.error))
      if (!(error instanceof MadeFailure) && !isPartlyTaken(error))
        world.violations.push(`the product threw: ${error}`)
}

/** The exporter's own words for a sink that took some. */
const isPartlyTaken = (error: unknown): boolean =>
  /^Error: (archive|time series) took \d+ of \d+ parts;/.test(String(error))

const causesOf = (error: unknown): unknown[] =>
  error instanceof AggregateError ? error.errors.flatMap(causesOf) : [error]

const failingWhile = (table: MemoryCountStore, fails: () => boolean): MemoryCountStore => {
  const entries = Object.entries(table).map(([name, value]) => [
    name,
    typeof value === 'function' && name !== 'now'
      ? (...args: unknown[]): unknown =>
          fails()
            ? Promise.reject(new MadeFailure('the table fails'))
            : (value as (...a: unknown[]) => unknown)(...args)
      : value,
  ])
  return Object.fromEntries(entries) as MemoryCountStore
}

/** What a map has for a key, made where there is nothing yet. */
export const inMap = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}
