import type { Heads } from '../../../aggregators/archive-line.ts'
import type { Figure } from '../../../aggregators/audit/finding.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { aPoll } from '../arrivals.ts'

export const heads: Heads = { s1: { parts: 2, head: 'ab'.repeat(32) } }

const createdAt = 1_790_000_000_000

const figure = (item: string, parts: number): Figure => ({
  topic: 'figure',
  shard: null,
  item,
  raw: parts,
  parts,
  board: null,
  agrees: true,
})

/** What a recount in which all agrees gives: 3 votes for ana, 1 for bia, 1 rejected. */
export const aVerification = (changes: Partial<Verification> = {}): Verification => ({
  poll: aPoll({
    createdAt,
    opensAt: createdAt,
    shards: ['s1'],
    closedAt: createdAt + 60_000,
    finalAt: createdAt + 60_400,
    result: {
      counts: { ana: 3, bia: 1 },
      rejected: { unknown_option: 1 },
      shards: { s1: { counted: 4, rejected: 1 } },
      newestArrival: createdAt + 59_000,
      unproved: [],
      latency: { histogram: '', clamped: 0 },
    },
  }),
  verdict: 'agrees',
  figures: [figure('records', 4), figure('votes', 5), figure('parts', 2)],
  disagreements: [],
  missing: [],
  ...changes,
})
