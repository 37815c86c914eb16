import { exporter } from '../../aggregators/export/export-parts.ts'
import type { Outbox } from '../../aggregators/export/outbox.ts'
import { windowRecords } from '../../aggregators/export/window-records.ts'
import type { WindowSink } from '../../aggregators/export/window-sink.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import { keyOf, seriesKey } from './archive.ts'
import type { Takes } from './decision.ts'
import { type Fault, inTurns, MadeFailure, newTask } from './task.ts'
import {
  type ExporterMemory,
  happened,
  inMap,
  isBetweenCalls,
  lambdaNow,
  type Process,
  runIn,
  type World,
} from './world.ts'

export type ExportPlan = { behind: number; takes: Takes; seriesTakes: Takes; fault?: Fault }

export const runExporter = async (world: World, number: number, plan: ExportPlan): Promise<void> => {
  const process = inMap(world.exporters, number, () => newExporter(world))
  const { behind, takes, seriesTakes, fault } = plan
  if (isBetweenCalls(world, 'closer')) happened(world, 'an exporter runs between two calls of a closer')
  Object.assign(process.memory, { behind, takes, seriesTakes })
  const work = async (): Promise<void> => {
    await process.memory.run()
  }
  await runIn(world, process, () => world.exporters.delete(number), work, fault)
}

const newExporter = (world: World): Process<ExporterMemory> => {
  const memory: ExporterMemory = { run: async () => {}, behind: 0, takes: 'all', seriesTakes: 'all' }
  const process: Process<ExporterMemory> = { task: newTask('exporter'), memory }
  const atWork = () => process.task
  const { send, sendLine } = inTurns(sink(world, memory), atWork)
  const run = exporter({
    store: inTurns(world.product.table(world.failing), atWork),
    archive: {
      outbox: outboxInTurns(world, process, world.archive.sent),
      sink: { name: 'archive', send },
      sendLine,
    },
    timeSeries: {
      outbox: outboxInTurns(world, process, world.archive.sentToSeries),
      sink: inTurns(world.product.timeSeries(timeSeriesSink(world, memory)), atWork),
    },
    now: () => lambdaNow(world),
  })
  memory.run = () => run(() => true)
  return process
}

const sink = (world: World, memory: ExporterMemory) => ({
  send: async (parts: readonly SealedPart[]): Promise<SealedPart[]> => {
    const taken = takenOf(world, parts, memory.takes, 'the archive fails for a while')
    for (const part of taken) take(world, part)
    return taken
  },
  sendLine: async (line: string): Promise<void> => {
    if (memory.takes === 'none') throw new MadeFailure('the sink is down')
    const { poll, heads } = JSON.parse(line)
    const before = world.archive.lastLines.get(poll.id)
    if (before !== undefined && before !== line)
      world.violations.push(`the last line of ${poll.id} went out twice and is not the same`)
    world.archive.lastLines.set(poll.id, line)
    for (const [shardId, { parts }] of Object.entries(heads as Record<string, { parts: number }>))
      for (let part = 0; part < parts; part += 1)
        if (!world.archive.parts.has(keyOf(shardId, part)))
          world.violations.push(`the last line of ${poll.id} went out before part ${part} of ${shardId}`)
  },
})

const takenOf = (
  world: World,
  parts: readonly SealedPart[],
  takes: Takes,
  failing: 'the archive fails for a while' | 'the time series fails for a while',
): SealedPart[] => {
  if (takes === 'none') {
    happened(world, failing)
    throw new MadeFailure('the sink is down')
  }
  return takes === 'all' ? [...parts] : parts.slice(0, takes)
}

const timeSeriesSink = (world: World, memory: ExporterMemory): WindowSink => ({
  name: 'time series',
  send: async (parts) => {
    const taken = takenOf(world, parts, memory.seriesTakes, 'the time series fails for a while')
    for (const { shardId, part, poll, kind, name, start, votes } of taken.flatMap(windowRecords))
      world.archive.series.set(seriesKey(shardId, part, poll, kind, name, start), votes)
    return taken
  },
})

/** What the archive has is for ever: the same bytes each time, and each part behind the one before it. */
const take = ({ archive, violations }: World, { shardId, number, bytes }: SealedPart): void => {
  const key = keyOf(shardId, number)
  const before = archive.parts.get(key)
  if (before !== undefined && before !== bytes)
    violations.push(`part ${key} was sent with other bytes before`)
  if (number > 0 && !archive.parts.has(keyOf(shardId, number - 1)))
    violations.push(`part ${key} was sent before the one it follows`)
  archive.parts.set(key, bytes)
}

const outboxInTurns = (world: World, process: Process<ExporterMemory>, sent: Set<string>): Outbox => {
  const outbox = world.product.outbox(outboxOf(world, process.memory, sent), world.table)
  const calls = {
    page: async (): Promise<SealedPart[][]> => {
      const pages: SealedPart[][] = []
      for await (const page of outbox.unsent()) pages.push(page)
      return pages
    },
    isSent: outbox.isSent,
    markSent: outbox.markSent,
  }
  const { page, isSent, markSent } = inTurns(calls, () => process.task)
  return {
    unsent: async function* () {
      yield* await page()
    },
    isSent,
    markSent,
  }
}

const pageSize = 3

/** The index is behind the table: the newest parts are not in it yet, and those marked last still are. */
/** @param sent marks, in their order */
const outboxOf = ({ table }: World, memory: ExporterMemory, sent: Set<string>): Outbox =>
  ({
    unsent: async function* () {
      const written = [...table.parts.values()]
      const stillThere = new Set(memory.behind === 0 ? [] : [...sent].slice(-memory.behind))
      const listed = written
        .slice(0, written.length - memory.behind)
        .filter(({ shardId, number }) => {
          const key = keyOf(shardId, number)
          return !sent.has(key) || stillThere.has(key)
        })
        .sort((left, right) =>
          left.shardId === right.shardId ? left.number - right.number : left.shardId < right.shardId ? -1 : 1,
        )
      for (let at = 0; at < listed.length; at += pageSize) yield listed.slice(at, at + pageSize)
    },
    isSent: async (shardId, number) => sent.has(keyOf(shardId, number)),
    markSent: async ({ shardId, number }) => {
      sent.add(keyOf(shardId, number))
    },
  }) satisfies Outbox
