import { noteCaughtUp } from '../../aggregators/close/caught-up.ts'
import { closePolls, reportOf } from '../../aggregators/close/close-polls.ts'
import { closer } from '../../aggregators/close/closer.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import type { MemoryCountStore } from '../aggregators/memory-count-store.ts'
import { meetingStream } from './closing-kinds.ts'
import { type Fault, inTurns, newTask } from './task.ts'
import {
  type CloserMemory,
  happened,
  inMap,
  isBetweenCalls,
  type Process,
  runIn,
  type World,
} from './world.ts'

export const runCloser = (world: World, number: number, rounds: number, fault?: Fault): Promise<void> =>
  inCloser(world, number, (memory) => memory.run(rounds), fault)

/** What `polls close` does: a process of its own, which has closed nothing else. */
export const closeByHand = (world: World, poll: string, fault?: Fault): Promise<void> =>
  inCloser(world, Number.NaN, (memory) => memory.freeze(poll), fault)

export const runNoteCaughtUp = async (world: World, fault?: Fault): Promise<void> => {
  const process: Process<undefined> = { task: newTask('closer'), memory: undefined }
  const ports = portsOf(world, process)
  const work = (): Promise<void> => noteCaughtUp({ ...ports, hasTime: () => true }, world.settled)
  await runIn(world, process, () => world.settled.clear(), work, fault)
}

const inCloser = async (
  world: World,
  number: number,
  step: (memory: CloserMemory) => Promise<unknown>,
  fault: Fault | undefined,
): Promise<void> => {
  if (isBetweenCalls(world, 'closer')) happened(world, 'a closer runs between two calls of another')
  const process = inMap(world.closers, number, () => newCloser(world))
  const work = async (): Promise<void> => {
    await step(process.memory)
  }
  await runIn(world, process, () => world.closers.delete(number), work, fault)
}

const newCloser = (world: World): Process<CloserMemory> => {
  const process: { task: Process<CloserMemory>['task'] } = { task: newTask('closer') }
  const { store, stream } = portsOf(world, process)
  const steadyNow = (): number => world.now
  const closing = closer({ store, stream, steadyNow })
  const memory: CloserMemory = {
    freeze: (poll) => closing.freeze(poll),
    run: async (rounds) => {
      let left = rounds
      const hasTime = (): boolean => {
        left -= 1
        return left > 0
      }
      const ran = await closePolls({ closer: closing, store, steadyNow, sleep: async () => {}, hasTime })
      return reportOf(ran)
    },
  }
  return Object.assign(process, { memory })
}

const portsOf = (world: World, process: Pick<Process<unknown>, 'task'>) => {
  const atWork = () => process.task
  const table = expectingConsistentReads(world, world.product.closerTable(world.product.table(world.failing)))
  return { store: inTurns(table, atWork), stream: inTurns(meetingStream(world), atWork) }
}

/** A closer must never act on a ledger that is older than its question. */
const expectingConsistentReads = (world: World, table: MemoryCountStore): MemoryCountStore => {
  const expectCurrent = async (shardIds: readonly string[], ledgers: readonly Ledger[]): Promise<void> => {
    for (const shardId of shardIds) {
      const text = world.table.ledgers.get(shardId)
      const revision = text === undefined ? 0 : (JSON.parse(text) as Ledger).revision
      const read = ledgers.find((ledger) => ledger.shardId === shardId)?.revision ?? 0
      if (read !== revision)
        world.violations.push(`the closer read revision ${read} of ${shardId}, which had ${revision}`)
    }
  }
  return {
    ...table,
    readLedgers: async (shardIds) => {
      const ledgers = await table.readLedgers(shardIds)
      await expectCurrent(shardIds, ledgers)
      return ledgers
    },
    putLedger: async (ledger) => {
      const isPut = await table.putLedger(ledger)
      happened(
        world,
        isPut ? 'a closer stamps a shard that has ended' : 'a closer loses the race for a ledger',
      )
      return isPut
    },
  }
}
