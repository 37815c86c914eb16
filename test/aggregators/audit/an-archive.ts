import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Heads, partLine, pollLine, recordLine } from '../../../aggregators/archive-line.ts'
import { folderArchive } from '../../../aggregators/audit/archive.ts'
import type { Expectation } from '../../../aggregators/audit/expectation.ts'
import { verify } from '../../../aggregators/audit/verify.ts'
import type { SealedPart } from '../../../aggregators/part.ts'
import { writeEnvelope, writeMarker } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { archivePath, writeArchive } from './archive-folder.ts'
import { type FinalPoll, finalPoll, headsAt } from './final-poll.ts'
import { countShard, type StreamRecord } from './sealed.ts'

/** What a test puts into a stream: the rest of a record is made up around it. */
export type Sent = {
  arrival: number
  data: string | Buffer
  partitionKey?: string
  sequenceNumber?: string
}

export const sentVotes = (arrival: number, options: readonly string[], poll = 'final'): Sent => ({
  arrival,
  data: writeEnvelope(
    poll,
    arrival - 10,
    options.map((option) => ({ option })),
  ),
})

export const sentMarker = (arrival: number, poll: Poll): Sent => ({
  arrival,
  data: writeMarker(poll),
  partitionKey: controlKey,
})

/** A whole archive before it is written, every line an object of its own, so that a test can tamper with it. */
export type AnArchive = {
  poll: FinalPoll
  heads: Heads
  records: StreamRecord[]
  parts: SealedPart[]
  votes: string[]
  windows: string[]
}

/**
 * Counts what was sent to each shard with the real fold and writes down the archive's lines.
 *
 * @param poll the definition as it is when closed: with its shard set
 */
export const anArchive = (
  poll: Poll,
  sent: Readonly<Record<string, readonly Sent[]>>,
  { others = [], windowMs = 1000 }: { others?: readonly Poll[]; windowMs?: number } = {},
): AnArchive => {
  const shards = Object.entries(sent).map(
    ([shardId, list], shard) => [shardId, list.map((one, at) => record(shardId, shard, at, one))] as const,
  )
  const polls = new Map([poll, ...others].map((one) => [one.id, one]))
  const counted = new Map(shards.map(([id, records]) => [id, countShard(id, records, polls, windowMs)]))
  const markers = new Map(
    shards.flatMap(([id, records]) => {
      const marker = records.find(({ data }) => data.toString() === writeMarker(poll))
      return marker === undefined ? [] : [[id, marker.sequenceNumber] as const]
    }),
  )
  const records = shards.flatMap(([, list]) => list)
  const parts = [...counted.values()].flatMap((shard) => shard.parts)
  const final = finalPoll(poll, counted)
  const heads = headsAt(poll, counted, markers)
  return {
    poll: final,
    heads,
    records,
    parts,
    votes: records.map(({ data, ...rest }) => recordLine(rest, data)),
    windows: [...parts.map(partLine), pollLine(final, heads)],
  }
}

/** Every shard's numbers differ in length, so that comparing them as text alone would be wrong. */
const record = (shardId: string, shard: number, at: number, one: Sent): StreamRecord => ({
  shardId,
  sequenceNumber: one.sequenceNumber ?? String(8n + BigInt(at)) + String(shard).repeat(shard),
  arrival: one.arrival,
  partitionKey: one.partitionKey ?? `v-${shard}-${at}`,
  data: Buffer.from(one.data),
})

/** Writes the lines to a folder of its own, two files each, which is gone when the test is over. */
export const onDisk = async (archive: Pick<AnArchive, 'votes' | 'windows'>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'placar-archive-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeLines(folder, archive)
  return folder
}

export const writeLines = async (
  folder: string,
  { votes, windows }: Pick<AnArchive, 'votes' | 'windows'>,
): Promise<void> => {
  const half = Math.ceil(votes.length / 2)
  await writeArchive(folder, [
    { path: archivePath('votes', deliveredAt, 1), lines: votes.slice(0, half) },
    { path: archivePath('votes', deliveredAt + 3_600_000, 2), lines: votes.slice(half) },
    { path: archivePath('windows', deliveredAt, 1), lines: windows },
  ])
}

/** Later than every arrival that tests use. */
const deliveredAt = Date.UTC(2027, 5, 1, 20)

export const expected = ({ poll, heads }: AnArchive, changes: Partial<Expectation> = {}): Expectation => ({
  poll,
  heads,
  ...changes,
})

/** Writes an archive and recounts it. */
export const recount = async (archive: AnArchive, changes: Partial<Expectation> = {}) =>
  verify(folderArchive(await onDisk(archive)), expected(archive, changes))
