import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Ledger } from '../../aggregators/ledger.ts'
import { keyOf } from './archive.ts'
import { add, digestOf, recountShard, type ShardCount, type Sums } from './recount.ts'
import type { LogShard } from './shard-log.ts'
import type { World } from './world.ts'

type Body = {
  shardId: string
  part: number
  first: string
  last: string
  records: number
  digest: string
  polls: Record<string, { counts: Sums; rejected: Sums }>
  rejected: Sums
}

/** What must hold when everything has come to rest: all is counted once, final, sealed, chained and exported. */
export const checkEnd = (world: World): void => {
  for (const poll of world.table.polls.values()) {
    if (poll.voided) continue
    if (poll.finalAt === undefined) world.violations.push(`${poll.id} did not become final`)
    else if (poll.exportedAt === undefined) world.violations.push(`${poll.id} was not exported`)
  }
  for (const shard of world.log.shards) checkShard(world, shard)
}

const checkShard = ({ table, log: _log, archive, violations }: World, shard: LogShard): void => {
  const text = table.ledgers.get(shard.id)
  if (text === undefined) {
    if (shard.records.length > 0) violations.push(`${shard.id} has records and no ledger`)
    return
  }
  const ledger: Ledger = JSON.parse(text)
  const expected = recountShard(shard, table.polls)
  const found: ShardCount = { polls: {}, rejected: {}, votes: 0 }
  let head = '0'.repeat(64)
  let read = 0
  for (let number = 0; number < ledger.parts; number += 1) {
    const name = `part ${number} of ${shard.id}`
    const part = table.parts.get(keyOf(shard.id, number))
    if (part === undefined) {
      violations.push(`${name} is missing`)
      return
    }
    const body: Body = JSON.parse(part.bytes)
    head = createHash('sha256').update(head).update(part.bytes).digest('hex')
    if (part.hash !== head) violations.push(`the chain breaks at ${name}`)
    if (archive.parts.get(keyOf(shard.id, number)) !== part.bytes)
      violations.push(`${name} is not in the archive as it is in the table`)
    const to = read + body.records
    if (
      body.first !== shard.records[read]?.sequenceNumber ||
      body.last !== shard.records[to - 1]?.sequenceNumber
    )
      violations.push(`${name} says ${body.first} to ${body.last}, its records are others`)
    else if (body.digest !== digestOf(shard, read, to)) violations.push(`the digest of ${name} is wrong`)
    read = to
    addBody(found, body)
  }
  if (ledger.open !== null) violations.push(`a part of ${shard.id} stays open`)
  if (ledger.head !== head) violations.push(`the head of ${shard.id} is not its last part's hash`)
  if (read !== shard.records.length)
    violations.push(`parts of ${shard.id} hold ${read} of ${shard.records.length} records`)
  found.votes = expected.votes
  if (!isDeepStrictEqual(found, expected))
    violations.push(
      `parts of ${shard.id} add up to ${JSON.stringify(found)}, recounted ${JSON.stringify(expected)}`,
    )
  checkLifetime(violations, shard.id, ledger, expected)
}

const addBody = (found: ShardCount, { polls, rejected }: Body): void => {
  addAll(found.rejected, rejected)
  for (const [id, sums] of Object.entries(polls)) {
    found.polls[id] ??= { counts: {}, rejected: {} }
    addAll(found.polls[id].counts, sums.counts)
    addAll(found.polls[id].rejected, sums.rejected)
  }
}

const addAll = (total: Sums, more: Sums): void => {
  for (const [name, votes] of Object.entries(more)) add(total, name, votes)
}

const checkLifetime = (
  violations: string[],
  shardId: string,
  { lifetime }: Ledger,
  { polls, rejected, votes }: ShardCount,
): void => {
  const counted: Sums = {}
  const refused = { ...rejected }
  for (const sums of Object.values(polls)) {
    addAll(counted, sums.counts)
    addAll(refused, sums.rejected)
  }
  if (lifetime.counted !== total(counted) || !isDeepStrictEqual(lifetime.rejected, refused))
    violations.push(`lifetime totals of ${shardId} are ${JSON.stringify(lifetime)}`)
  if (lifetime.counted + total(lifetime.rejected as Sums) !== votes)
    violations.push(`counted and rejected of ${shardId} are not the ${votes} votes received`)
}

const total = (sums: Sums): number => Object.values(sums).reduce((sum, votes) => sum + votes, 0)
