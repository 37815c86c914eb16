import { parseArgs } from 'node:util'
import { partLine, pollLine, recordLine } from '../../../aggregators/archive-line.ts'
import { writeEnvelope, writeMarker } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { archivePath, writeArchive } from './archive-folder.ts'
import { finalPoll, headsAt } from './final-poll.ts'
import { type CountedShard, countShard, type StreamRecord } from './sealed.ts'

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

const perFile = 6_000
const folder = values.folder
const counted = new Map<string, CountedShard>()
for (const [number, shardId] of shards.entries()) {
  const records = streamOf(shardId, number)
  const shard = countShard(shardId, records, new Map([['final', poll]]), 5_000)
  counted.set(shardId, shard)
  for (let from = 0, file = 0; from < records.length; from += perFile, file += 1)
    await writeArchive(folder, [
      {
        path: archivePath('votes', (records[from]?.arrival ?? 0) + 1_000, number * 100 + file),
        lines: records.slice(from, from + perFile).map(({ data, ...record }) => recordLine(record, data)),
      },
    ])
  await writeArchive(folder, [
    { path: archivePath('windows', closedAt, number), lines: shard.parts.map(partLine) },
  ])
}
const last = pollLine(finalPoll(poll, counted), headsAt(poll, counted, new Map()))
await writeArchive(folder, [{ path: archivePath('windows', closedAt + 1_000, 999), lines: [last] }])
