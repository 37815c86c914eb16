import { isDefined } from '../../ingest/poll.ts'
import { closeByHand, runCloser, runNoteCaughtUp } from './close-run.ts'
import { meetingClosings } from './closing-kinds.ts'
import type { Decision } from './decision.ts'
import { deliver, pollerOf } from './delivery.ts'
import { checkEnd } from './end-checks.ts'
import { runExporter } from './export-run.ts'
import { type Met, meet, successorKind } from './kinds.ts'
import { type Product, product } from './product.ts'
import { look } from './reader.ts'
import type { LogShard } from './shard-log.ts'
import { type Story, storyOf } from './story.ts'
import { letRun } from './task.ts'
import { createOne, movePoll, pollId, putVote } from './voter.ts'
import { newWatch, type Watch, watch } from './watch.ts'
import { afterRun, happened, isBetweenCalls, newWorld, pass, type World } from './world.ts'

/** What was wrong, and after how many decisions it was seen; all of them, and the rest at the end, count as one more. */
export type Violation = { says: string; after: number }

export const simulateSeed = (
  seed: number,
  under: Product = product,
  met?: Met,
): Promise<Violation | undefined> => simulate(storyOf(seed), under, met)

/**
 * Lets a story happen, to the product or something broken in its place.
 *
 * @param met gets the kinds of hostile events that it meets
 * @returns the first thing that was wrong
 */
export const simulate = async (
  story: Story,
  under: Product = product,
  met?: Met,
): Promise<Violation | undefined> => {
  const world = newWorld(under, story, met, meetingClosings)
  const seen = newWatch()
  const wrong = (after: number): Violation | undefined => {
    watch(world, seen)
    const [says] = world.violations
    return says === undefined ? undefined : { says, after }
  }
  for (const [at, decision] of story.decisions.entries()) {
    pass(world, decision.afterMs)
    await happen(world, decision)
    const violation = wrong(at + 1)
    if (violation !== undefined) return violation
  }
  await comeToRest(world, seen)
  checkEnd(world)
  return wrong(story.decisions.length + 1)
}

const happen = async (world: World, decision: Decision): Promise<void> => {
  const { shards } = world.log
  const shardAt = (number: number): LogShard => shards[number % shards.length] as LogShard
  switch (decision.do) {
    case 'vote':
      return putVote(world, decision)
    case 'deliver':
      return deliver(world, shardAt(decision.shard), decision)
    case 'catch up':
      return catchUp(world)
    case 'resume': {
      const { hanging } = world
      const at = decision.task === 'newest' ? hanging.length - 1 : decision.task % (hanging.length || 1)
      const task = hanging[at]
      if (task === undefined) return
      if ((world.begun.get(task.work) ?? 0) > task.number) meet(world.met, successorKind(task.who))
      await letRun(task, decision.fault)
      return afterRun(world, task)
    }
    case 'create':
      return createOne(world, decision)
    case 'until closesAt':
      return untilClosesAt(world, decision)
    case 'move':
      return movePoll(world, decision)
    case 'close by hand':
      return closeByHand(world, pollId(decision.poll), decision.fault)
    case 'close':
      return runCloser(world, decision.closer, decision.rounds, decision.fault)
    case 'note caught up':
      return runNoteCaughtUp(world, decision.fault)
    case 'export':
      return runExporter(world, decision.exporter, decision)
    case 'look':
      return look(world, decision.poll === 5 ? undefined : pollId(decision.poll), decision.fault)
    case 'split':
      if (world.log.split(shardAt(decision.shard)) && isBetweenCalls(world, 'closer'))
        happened(world, 'a shard is split between two calls of a closer')
      return
    case 'merge':
      if (world.log.merge(shardAt(decision.shard)) && isBetweenCalls(world, 'closer'))
        happened(world, 'shards are merged between two calls of a closer')
      return
    case 'throttle':
      shardAt(decision.shard).throttledUntil = world.now + decision.forMs
      return
    case 'table fails':
      world.tableFailsUntil = world.now + decision.forMs
      return
    case 'restart':
      return restart(world, decision.what)
    default:
      decision satisfies never
  }
}

/** Time goes by until a poll is about to close by itself, if it is to. */
const untilClosesAt = (
  world: World,
  { poll: number, byMs }: Extract<Decision, { do: 'until closesAt' }>,
): void => {
  const ahead = [...world.table.polls.values()].flatMap(({ closesAt, closedAt }) =>
    closesAt !== null && closedAt === undefined && closesAt + byMs > world.now ? [closesAt] : [],
  )
  const closesAt = ahead[number % ahead.length]
  if (closesAt !== undefined) pass(world, closesAt + byMs - world.now)
}

const restart = (world: World, what: 'closers' | 'exporters' | 'environments' | 'pollers'): void => {
  if (what !== 'pollers') {
    world[what].clear()
    return
  }
  // The one that has come furthest tells the new ones where to begin.
  for (const shard of world.log.shards) {
    const { position } = pollerOf(world, shard, Number.NaN)
    if ([0, 1].some((number) => world.pollers.get(`${shard.id}/${number}`)?.window !== undefined))
      happened(world, 'the pollers are begun anew within a window')
    for (const number of [0, 1, Number.NaN]) world.pollers.delete(`${shard.id}/${number}`)
    world.pollers.set(`${shard.id}/0`, { position, windowFrom: position, window: undefined, state: {} })
  }
}

/** Rounds after which a world that has not come to rest never will. */
const maxRounds = 40

/** What hangs goes on to its end, nothing fails any more, every poll is closed, and everybody does their work. */
const comeToRest = async (world: World, seen: Watch): Promise<void> => {
  for (const task of [...world.hanging]) {
    await letRun(task)
    afterRun(world, task)
  }
  pass(world, 60_000)
  restart(world, 'pollers')
  world.closers.clear()
  for (const poll of world.table.polls.keys()) await closeByHand(world, poll)
  for (let round = 0; round < maxRounds && world.violations.length === 0; round += 1) {
    // Two minutes and more: then the exporter seals what nobody else does.
    pass(world, 150_000)
    await runCloser(world, 0, 1)
    await catchUp(world)
    await runNoteCaughtUp(world)
    await runExporter(world, 0, { behind: 0, takes: 'all', seriesTakes: 'all' })
    for (const id of world.table.polls.keys()) await look(world, id)
    await look(world, undefined)
    watch(world, seen)
    if (isAtRest(world)) return
  }
}

const catchUp = async (world: World): Promise<void> => {
  for (const shard of world.log.shards) await deliverAll(world, shard)
}

const deliverAll = async (world: World, shard: LogShard): Promise<void> => {
  const poller = pollerOf(world, shard, 0)
  poller.position = Math.max(poller.position, shard.expired)
  for (let from = -1; poller.position > from && poller.position < shard.records.length; ) {
    from = poller.position
    await deliver(world, shard, {
      afterMs: 0,
      do: 'deliver',
      shard: 0,
      poller: 0,
      size: 1000,
      again: 0,
      state: 'right',
      stale: 0,
      final: 'no',
      environment: 0,
    })
  }
}

const isAtRest = ({ table, archive }: World): boolean =>
  [...table.polls.values()].every((poll) => !isDefined(poll) || poll.exportedAt !== undefined) &&
  archive.sent.size === table.parts.size &&
  archive.sentToSeries.size === table.parts.size &&
  [...table.ledgers.values()].every((text) => JSON.parse(text).open === null)
