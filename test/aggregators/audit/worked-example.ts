import { writeEnvelope } from '../../../ingest/envelope.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll } from '../arrivals.ts'
import { type AnArchive, anArchive, type Sent, sentMarker } from './an-archive.ts'

/** The archive that docs/audit-format.md works through: two shards, three records of votes, one of them behind the marker. */
export const workedExample = (): AnArchive => {
  const createdAt = 1_790_000_000_000
  const shards = ['shardId-000000000000', 'shardId-000000000001']
  const poll: Poll = aPoll({ createdAt, opensAt: createdAt, closedAt: createdAt + 6_000, shards })
  const votes = (afterMs: number, partitionKey: string, options: readonly string[]): Sent => ({
    arrival: createdAt + afterMs,
    partitionKey,
    data: writeEnvelope(
      'final',
      createdAt + afterMs - 10,
      options.map((option) => ({ option })),
    ),
  })
  const numbered = (shard: number, sent: Sent[]): Sent[] =>
    sent.map((one, at) => ({
      ...one,
      sequenceNumber: `4917900000000000${shard}000000000000000000000000000000001000000${at + 1}`,
    }))
  return anArchive(
    poll,
    {
      [shards[0] ?? '']: numbered(0, [
        votes(1_200, 'v-JKJaXmPLvHcESHA=', ['ana']),
        votes(1_900, 'v-JKJaZiW7PHcEJ2A=', ['bia', 'eva']),
        sentMarker(createdAt + 6_100, poll),
        votes(6_200, 'v-JKJbMh1PvHcEPCQ=', ['ana']),
      ]),
      [shards[1] ?? '']: numbered(1, [sentMarker(createdAt + 6_101, poll)]),
    },
    { windowMs: 5_000 },
  )
}
