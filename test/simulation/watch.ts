import { isDeepStrictEqual } from 'node:util'
import type { Ledger } from '../../aggregators/ledger.ts'
import type { Poll } from '../../ingest/poll.ts'
import { keyOf } from './archive.ts'
import { addAll, isPassed, recountShard, type Sums, total } from './recount.ts'
import { hourMs, retentionMs } from './shard-log.ts'
import { happened, type World } from './world.ts'

/** What was seen of the table after the decision before. */
export type Watch = {
  ledgers: Map<string, { text: string; ledger: Ledger }>
  parts: Map<string, string>
  /** Shard sets of closed polls, and results of final ones, as text. */
  sets: Map<string, string>
  results: Map<string, string>
  /** Whether a poll that is pending no more is valid or void. */
  fates: Map<string, string>
  /** What never changes of a definition. */
  definitions: Map<string, string>
}

export const newWatch = (): Watch => ({
  ledgers: new Map(),
  parts: new Map(),
  sets: new Map(),
  results: new Map(),
  fates: new Map(),
  definitions: new Map(),
})

/** What must hold after every decision: nothing falls, what is frozen stays, and a result is right when it is written. */
export const watch = (world: World, seen: Watch): void => {
  for (const [shardId, text] of world.table.ledgers) watchLedger(world, seen, shardId, text)
  for (const { shardId, number, bytes } of world.table.parts.values())
    stays(world, seen.parts, keyOf(shardId, number), bytes, 'the bytes of part')
  for (const poll of world.table.polls.values()) {
    const { id, options, createdAt, opensAt } = poll
    stays(world, seen.definitions, id, JSON.stringify([options, createdAt, opensAt]), 'the definition of')
    if (!poll.pending) stays(world, seen.fates, id, poll.voided ? 'void' : 'valid', 'whether there is')
    if (poll.closedAt !== undefined)
      stays(world, seen.sets, poll.id, poll.shards.join(), 'the frozen shard set of')
    if (poll.finalAt === undefined) continue
    if (!seen.results.has(poll.id)) expectRightResult(world, poll)
    stays(world, seen.results, poll.id, JSON.stringify([poll.finalAt, poll.result]), 'the result of')
  }
}

const stays = (world: World, seen: Map<string, string>, key: string, now: string, what: string): void => {
  const before = seen.get(key)
  if (before !== undefined && before !== now) world.violations.push(`${what} ${key} changed`)
  seen.set(key, now)
}

const watchLedger = ({ violations }: World, seen: Watch, shardId: string, text: string): void => {
  const before = seen.ledgers.get(shardId)
  if (before?.text === text) return
  const ledger: Ledger = JSON.parse(text)
  seen.ledgers.set(shardId, { text, ledger })
  if (before === undefined) return
  const { lifetime, revision, parts } = before.ledger
  if (ledger.lifetime.counted < lifetime.counted) violations.push(`votes counted in ${shardId} fell`)
  if (ledger.revision <= revision) violations.push(`the revision of ${shardId} did not rise`)
  if (ledger.parts < parts) violations.push(`parts of ${shardId} fell`)
}

/**
 * The result is the recount of what stands before the markers in the poll's shard set, and nothing can be added to it. A
 * shard that it names as unproved may have lost votes unread; all others must be right.
 */
const expectRightResult = (world: World, poll: Poll): void => {
  const counts: Sums = {}
  const rejected: Sums = {}
  const { unproved = [], shards = {} } = poll.result ?? {}
  let isUnsure = false
  for (const shard of world.log.shards) {
    if (!poll.shards.includes(shard.id)) continue
    if (!isPassed(shard, poll.id))
      world.violations.push(`${poll.id} is final, and ${shard.id} has not passed`)
    if (unproved.includes(shard.id)) {
      isUnsure = true
      if (shard.unread.size > 0) happened(world, 'a result names a shard in which something was lost')
      if (world.now - shard.bornAt < retentionMs - 3 * hourMs)
        world.violations.push(`${poll.id} names ${shard.id}, of which nothing can have expired`)
      continue
    }
    if (shard.unread.size > 0)
      happened(world, 'a result is proved although something was lost before its poll')
    const sums = recountShard(shard, world.table.polls).polls[poll.id] ?? { counts: {}, rejected: {} }
    addAll(counts, sums.counts)
    addAll(rejected, sums.rejected)
    const { [shard.id]: said = { counted: 0, rejected: 0 } } = shards
    if (said.counted !== total(sums.counts) || said.rejected !== total(sums.rejected))
      world.violations.push(
        `${poll.id} is final with ${JSON.stringify(said)} of ${shard.id}, recounted ${JSON.stringify(sums)}`,
      )
  }
  const { result } = poll
  const isRight = !isUnsure
    ? isDeepStrictEqual(result?.counts, counts) && isDeepStrictEqual(result?.rejected, rejected)
    : isAtLeast(result?.counts, counts) && isAtLeast(result?.rejected, rejected)
  if (!isRight)
    world.violations.push(
      `${poll.id} is final with ${JSON.stringify([result?.counts, result?.rejected])}, recounted ${JSON.stringify([counts, rejected])}`,
    )
}

const isAtLeast = (sums: Partial<Sums> = {}, least: Sums): boolean =>
  Object.entries(least).every(([name, votes]) => (sums[name] ?? 0) >= votes)
