import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Ledger } from '../../aggregators/ledger.ts'
import { isDefined } from '../../ingest/poll.ts'
import { keyOf, seriesKey } from './archive.ts'
import { addAll, digestOf, recountShard, type ShardCount, type Sums, total } from './recount.ts'
import type { LogShard, RawRecord } from './shard-log.ts'
import { happened, type World } from './world.ts'

type Body = {
  shardId: string
  part: number
  first: string
  last: string
  records: number
  runs: number[]
  digest: string
  window: { start: number; end: number }
  polls: Record<string, { counts: Sums; rejected: Sums }>
  rejected: Sums
}

/** What must hold when everything has come to rest: all is counted once, final, sealed, chained and exported. */
export const checkEnd = (world: World): void => {
  for (const poll of world.table.polls.values()) {
    if (poll.pending) happened(world, 'a poll stays pending')
    if (!isDefined(poll)) continue
    if (poll.finalAt === undefined) world.violations.push(`${poll.id} did not become final`)
    else if (poll.exportedAt === undefined) world.violations.push(`${poll.id} was not exported`)
  }
  for (const shard of world.log.shards) checkShard(world, shard)
}

const checkShard = ({ table, archive, violations }: World, shard: LogShard): void => {
  const text = table.ledgers.get(shard.id)
  if (text === undefined) {
    if (shard.records.length > shard.unread.size) violations.push(`${shard.id} has records and no ledger`)
    return
  }
  const ledger: Ledger = JSON.parse(text)
  const found: ShardCount = { polls: {}, rejected: {}, votes: 0 }
  /** Records that the parts hold. */
  const held: RawRecord[] = []
  const series = new Map<string, number>()
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
    const records = recordsOf(shard, read, body)
    if (records === undefined) {
      violations.push(`${name} says ${body.first} to ${body.last}, its records are others`)
      return
    }
    read = shard.records.indexOf(records.at(-1) as RawRecord) + 1
    held.push(...records)
    addBody(found, body)
    for (const [key, votes] of seriesOf(body)) series.set(key, votes)
  }
  if (ledger.open !== null) violations.push(`a part of ${shard.id} stays open`)
  if (ledger.head !== head) violations.push(`the head of ${shard.id} is not its last part's hash`)
  checkLosses(violations, shard, ledger, held)
  checkSeries(violations, shard.id, archive.series, series)
  const expected = recountShard(shard, table.polls, held)
  found.votes = expected.votes
  // A shard that has ended is also passed where no marker stands; what was lost there may then turn up late after all.
  const isDoubtful = ledger.lostUntil !== undefined && !shard.open
  if (!isDoubtful && !isDeepStrictEqual(found, expected))
    violations.push(
      `parts of ${shard.id} add up to ${JSON.stringify(found)}, recounted ${JSON.stringify(expected)}`,
    )
  checkLifetime(violations, shard.id, ledger, isDoubtful ? found : expected)
}

/**
 * The records of a part that goes on behind the first `read` of its shard: one after the other, except that it may pass
 * over such as have expired unread. `undefined` where no choice of them is what the part says.
 */
const recordsOf = (shard: LogShard, read: number, body: Body): RawRecord[] | undefined => {
  const numbers = shard.records.map(({ sequenceNumber }) => sequenceNumber)
  const [from, to] = [numbers.indexOf(body.first), numbers.indexOf(body.last) + 1]
  const all = shard.records.slice(from, to)
  if (from < read || !isUnread(shard, read, from)) return undefined
  const missing = all.length - body.records
  for (let gap = missing === 0 ? 0 : 1; gap < body.records && missing >= 0; gap += 1) {
    const records = all.toSpliced(gap, missing)
    if (isUnread(shard, from + gap, from + gap + missing) && digestOf(records, body.runs) === body.digest)
      return records
    if (missing === 0) return undefined
  }
  return undefined
}

const isUnread = ({ unread }: LogShard, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if (!unread.has(at)) return false
  return true
}

/** What no part holds has expired unread, and the ledger says so, unless the shard was gone before anybody could ask. */
const checkLosses = (
  violations: string[],
  shard: LogShard,
  { lostUntil = 0 }: Ledger,
  held: readonly RawRecord[],
): void => {
  const inParts = new Set(held)
  for (const [at, record] of shard.records.entries()) {
    if (inParts.has(record)) continue
    const { sequenceNumber, arrival } = record
    if (!shard.unread.has(at)) violations.push(`record ${sequenceNumber} of ${shard.id} is in no part`)
    else if (lostUntil < arrival)
      violations.push(`record ${sequenceNumber} of ${shard.id} expired unread, and nobody says so`)
  }
}

/** The numbers of a part, as the time series is to have them. */
const seriesOf = ({ shardId, part, window, polls, rejected }: Body): [key: string, votes: number][] => {
  const keyed = (poll: string, kind: string, sums: Sums): [string, number][] =>
    Object.entries(sums).map(([name, votes]) => [
      seriesKey(shardId, part, poll, kind, name, window.start),
      votes,
    ])
  return [
    ...Object.entries(polls).flatMap(([poll, sums]) => [
      ...keyed(poll, 'option', sums.counts),
      ...keyed(poll, 'rejection', sums.rejected),
    ]),
    ...keyed('(none)', 'rejection', rejected),
  ]
}

const checkSeries = (
  violations: string[],
  shardId: string,
  series: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
): void => {
  const held = new Map([...series].filter(([key]) => key.startsWith(`${shardId} `)))
  if (!isDeepStrictEqual(held, expected))
    violations.push(`the time series of ${shardId} is not what its parts say`)
}

const addBody = (found: ShardCount, { polls, rejected }: Body): void => {
  addAll(found.rejected, rejected)
  for (const [id, sums] of Object.entries(polls)) {
    found.polls[id] ??= { counts: {}, rejected: {} }
    addAll(found.polls[id].counts, sums.counts)
    addAll(found.polls[id].rejected, sums.rejected)
  }
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
