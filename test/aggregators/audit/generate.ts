import { parseArgs } from 'node:util'
import { type Heads, partLine, pollLine, recordLine } from '../../../aggregators/archive-line.ts'
import { addCounts } from '../../../aggregators/tally.ts'
import { writeEnvelope, writeMarker } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import type { Poll, PollResult } from '../../../ingest/poll.ts'
import { archivePath, writeArchive } from './archive-folder.ts'
import { countShard, type StreamRecord } from './sealed.ts'

/**
 * Writes an archive of one poll by the real fold, for measuring the recount: single votes, spread evenly, real gzip.
 *
 *   node test/aggregators/audit/generate.ts --folder /tmp/archive --votes 1200000 --shards 64 --seconds 60
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'archive' },
    votes: { type: 'string', default: '1200000' },
    shards: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '60' },
  },
})
const shards = Array.from(
  { length: Number(values.shards) },
  (_, at) => `shardId-${String(at).padStart(12, '0')}`,
)
const perShard = Math.floor(Number(values.votes) / shards.length)
const seconds = Number(values.seconds)
const createdAt = Date.UTC(2026, 5, 1, 20)
const options = ['ana', 'bia', 'caio', 'duda'].map((id) => ({ id, label: id }))
const closedAt = createdAt + seconds * 1000
const poll: Poll = {
  id: 'final',
  title: 'Final',
  options,
  createdAt,
  opensAt: createdAt,
  closesAt: closedAt,
  shards,
  closedAt,
}

const streamOf = (shardId: string, shard: number): StreamRecord[] => {
  const record = (at: number, arrival: number, partitionKey: string, text: string): StreamRecord => ({
    shardId,
    // 56 digits, as Kinesis gives them.
    sequenceNumber: `496${String(shard).padStart(3, '0')}${String(at).padStart(50, '0')}`,
    arrival,
    partitionKey,
    data: Buffer.from(text),
  })
  const cast = Array.from({ length: perShard }, (_, at) => {
    const arrival = createdAt + 100 + Math.floor((at * (seconds * 1000 - 200)) / perShard)
    // A multiplicative step scatters options without a random generator.
    const option = options[((at * 7919 + shard) >>> 2) % options.length]?.id ?? 'ana'
    const voteId = `${shard}-${at}-vote`
    const text = writeEnvelope('final', arrival - 12, [{ option, voteId, castAt: arrival - 80 }])
    return record(at + 1, arrival, `v-JKJaXmPLvHcESHA${shard}-${at}=`, text)
  })
  return [...cast, record(perShard + 1, closedAt + 300, controlKey, writeMarker(poll))]
}

const heads: Heads = {}
const result: PollResult = {
  counts: {},
  rejected: {},
  shards: {},
  newestArrival: null,
  unproved: [],
  latency: { histogram: '', clamped: 0 },
}
const perFile = 6_000
const folder = values.folder
for (const [number, shardId] of shards.entries()) {
  const records = streamOf(shardId, number)
  const { ledger, parts, head } = countShard(shardId, records, new Map([['final', poll]]), 5_000)
  heads[shardId] = head
  const entry = ledger.entries.final
  addCounts(result.counts, entry?.counts ?? {})
  addCounts(result.rejected, entry?.rejected ?? {})
  const total = (counts: Record<string, number> = {}): number =>
    Object.values(counts).reduce((a, b) => a + b, 0)
  result.shards[shardId] = { counted: total(entry?.counts), rejected: total(entry?.rejected) }
  result.newestArrival = Math.max(result.newestArrival ?? 0, entry?.lastArrival ?? 0)
  for (let from = 0, file = 0; from < records.length; from += perFile, file += 1)
    await writeArchive(folder, [
      {
        path: archivePath('votes', (records[from]?.arrival ?? 0) + 1_000, number * 100 + file),
        lines: records.slice(from, from + perFile).map(({ data, ...record }) => recordLine(record, data)),
      },
    ])
  await writeArchive(folder, [{ path: archivePath('windows', closedAt, number), lines: parts.map(partLine) }])
}
const final = { ...poll, result, finalAt: closedAt + 900 }
await writeArchive(folder, [
  { path: archivePath('windows', closedAt + 1_000, 999), lines: [pollLine(final, heads)] },
])
