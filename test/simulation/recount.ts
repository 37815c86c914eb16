import { createHash } from 'node:crypto'
import type { Poll } from '../../ingest/poll.ts'
import type { LogShard, RawRecord } from './shard-log.ts'

/**
 * A recount of raw records by design section 5, written anew: it shares no line with the product but the shape of a
 * definition. Everything is said with plain loops over plain records.
 */
export type Sums = Record<string, number>
export type ShardCount = {
  /** By poll, votes that met it before its close marker, in its shard set. */
  polls: Record<string, { counts: Sums; rejected: Sums }>
  /** All other votes. */
  rejected: Sums
  votes: number
}

/** What stands in the envelope, or what became of it. */
type Read =
  | { is: 'votes'; poll: string; options: string[] }
  | { is: 'marker'; poll: string }
  | { is: 'broken'; reason: 'malformed' | 'unsupported_version'; n: number }

/** The voter whose record makes the fold throw. */
export const poison = 'poison'

/** @param records those of the shard that are to be counted */
export const recountShard = (
  shard: LogShard,
  polls: ReadonlyMap<string, Poll>,
  records: readonly RawRecord[] = shard.records,
): ShardCount => {
  const count: ShardCount = { polls: {}, rejected: {}, votes: 0 }
  const marked = new Set<string>()
  for (const record of records) {
    const read = readRaw(record)
    if (read.is === 'marker') {
      marked.add(read.poll)
      continue
    }
    if (read.is === 'broken') {
      count.votes += read.n
      add(count.rejected, read.reason, read.n)
      continue
    }
    count.votes += read.options.length
    const poll = polls.get(read.poll)
    if (poll === undefined || poll.pending || poll.voided || record.arrival < poll.createdAt) {
      add(count.rejected, 'unknown_poll', read.options.length)
      continue
    }
    if (marked.has(poll.id) || !poll.shards.includes(shard.id)) {
      add(count.rejected, 'closed', read.options.length)
      continue
    }
    count.polls[poll.id] ??= { counts: {}, rejected: {} }
    const sums = count.polls[poll.id] ?? { counts: {}, rejected: {} }
    for (const option of read.options) {
      if (!poll.options.some(({ id }) => id === option)) add(sums.rejected, 'unknown_option', 1)
      else if (record.arrival < poll.opensAt) add(sums.rejected, 'not_open_yet', 1)
      else if (poll.closesAt !== null && record.arrival >= poll.closesAt) add(sums.rejected, 'closed', 1)
      else add(sums.counts, option, 1)
    }
  }
  return count
}

/** Whether nothing can be added to the poll in this shard: its marker is there, or the shard has ended. */
export const isPassed = (shard: LogShard, pollId: string): boolean =>
  !shard.open || shard.records.some((record) => readMarker(record) === pollId)

/** The poll whose marker the record is. */
export const readMarker = (record: RawRecord): string | undefined => {
  const read = readRaw(record)
  return read.is === 'marker' ? read.poll : undefined
}

/** The digest of records as docs/audit-format.md has it; none where the runs are not of these records. */
export const digestOf = (records: readonly RawRecord[], runs: readonly number[]): string | undefined => {
  let digest = ''
  let at = 0
  for (const run of runs) {
    const frames = records.slice(at, at + run).map(({ sequenceNumber, arrival, partitionKey, data }) => {
      const key = Buffer.from(partitionKey)
      return Buffer.concat([
        Buffer.from(`${sequenceNumber} ${arrival} ${key.length} ${data.length}\n`),
        key,
        data,
      ])
    })
    digest = createHash('sha256')
      .update(Buffer.concat([Buffer.from(digest), ...frames]))
      .digest('hex')
    at += run
  }
  return at === records.length ? digest : undefined
}

export const add = (sums: Sums, name: string, by: number): void => {
  sums[name] = (sums[name] ?? 0) + by
}

export const addAll = (sums: Sums, more: Sums): void => {
  for (const [name, votes] of Object.entries(more)) add(sums, name, votes)
}

export const total = (sums: Sums): number => Object.values(sums).reduce((sum, votes) => sum + votes, 0)

const readings = new WeakMap<RawRecord, Read>()

const readRaw = (record: RawRecord): Read => {
  const known = readings.get(record) ?? parseRaw(record)
  readings.set(record, known)
  return known
}

const parseRaw = ({ partitionKey, data }: RawRecord): Read => {
  let body: { v?: unknown; n?: number; poll?: never; votes?: { option: string; voterId?: string }[] }
  try {
    body = JSON.parse(data.toString('utf8'))
  } catch {
    return { is: 'broken', reason: 'malformed', n: 1 }
  }
  const n = body.n ?? 1
  if (body.v !== 1) return { is: 'broken', reason: 'unsupported_version', n }
  if (partitionKey === 'placar-control')
    return { is: 'marker', poll: (body.poll as never as { id: string }).id }
  const { votes } = body
  if (votes === undefined || votes.length !== n || votes.some(({ voterId }) => voterId === poison))
    return { is: 'broken', reason: 'malformed', n }
  return { is: 'votes', poll: body.poll as never as string, options: votes.map(({ option }) => option) }
}
