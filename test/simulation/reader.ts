import type { Scoreboard, Stats } from '../../dashboard/read-model.ts'
import type { ReadStore } from '../../dashboard/read-store.ts'
import { type Views, views } from '../../dashboard/views.ts'
import { pollStatuses } from '../../ingest/poll.ts'
import { type Fault, inTurns, newTask } from './task.ts'
import { inMap, lambdaNow, type Process, runIn, type World, windowMs } from './world.ts'

/** Looks at a poll's scoreboard, or without a poll at the whole system, and compares with the look before. */
export const look = async (world: World, pollId: string | undefined, fault?: Fault): Promise<void> => {
  const key = pollId ?? 'stats'
  // What a dead one was waiting for never comes.
  if (world.readers.get(key)?.task.state === 'dead') world.readers.delete(key)
  const process = inMap(world.readers, key, () => newReader(world))
  // One look after the other: those that overlap may end in any order, and the page sorts that out.
  if (process.task.state === 'hanging') return
  const work = async (): Promise<void> => {
    if (pollId === undefined) seenStats(world, await process.memory.stats())
    else seenBoard(world, pollId, await process.memory.scoreboard(pollId))
  }
  await runIn(world, process, () => {}, work, fault)
}

const newReader = (world: World): Process<Views> => {
  const process: { task: Process<Views>['task'] } = { task: newTask('reader') }
  const { failing, log } = world
  const store: ReadStore = {
    readPolls: failing.readPolls,
    readPoll: failing.readPoll,
    readLedgers: failing.readLedgers,
    readShardIds: async () => [...world.table.shards],
    readParts: async function* () {},
    readShardStates: async () => new Map(log.shards.map(({ id, open }) => [id, { open }])),
    readIteratorAge: async () => 0,
  }
  const inTurn = inTurns(store, () => process.task)
  const memory = views({
    store: inTurn,
    now: () => lambdaNow(world),
    windowMs,
    iteratorAgeMaxAgeMs: 1000,
    warn: () => {},
  })
  return Object.assign(process, { memory })
}

const seenBoard = (world: World, pollId: string, board: Scoreboard | undefined): void => {
  const before = world.boards.get(pollId)
  if (board === undefined) {
    if (before !== undefined) world.violations.push(`the scoreboard of ${pollId} is gone`)
    return
  }
  world.boards.set(pollId, board)
  if (before === undefined) return
  const fell = (what: string, from: number, to: number): void => {
    if (to < from) world.violations.push(`${what} of ${pollId} fell from ${from} to ${to}`)
  }
  fell('the version', before.version, board.version)
  fell('the status', pollStatuses.indexOf(before.status), pollStatuses.indexOf(board.status))
  for (const [at, { id, votes }] of before.options.entries())
    fell(`option ${id}`, votes, board.options[at]?.votes ?? 0)
  eachNotLower(before.rejected, board.rejected, fell)
  if (before.status === 'final' && textOf(before) !== textOf(board))
    world.violations.push(`the final scoreboard of ${pollId} changed`)
}

const textOf = ({ asOf: _asOf, ...board }: Scoreboard): string => JSON.stringify(board)

const seenStats = (world: World, stats: Stats): void => {
  const { stats: before } = world
  world.stats = stats
  if (before === undefined) return
  const fell = (what: string, from: number, to: number): void => {
    if (to < from) world.violations.push(`${what} of the whole system fell from ${from} to ${to}`)
  }
  fell('votes counted', before.counted, stats.counted)
  eachNotLower(before.rejected, stats.rejected, fell)
}

const eachNotLower = (
  before: Partial<Record<string, number>>,
  now: Partial<Record<string, number>>,
  fell: (what: string, from: number, to: number) => void,
): void => {
  for (const [reason, count = 0] of Object.entries(before))
    fell(`rejection ${reason}`, count, now[reason] ?? 0)
}
