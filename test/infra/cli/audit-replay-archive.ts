import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { partLine, pollLine } from '../../../aggregators/archive-line.ts'
import { type Archive, folderArchive } from '../../../aggregators/audit/archive.ts'
import { addLatencies, noLatencies } from '../../../aggregators/latency.ts'
import { genesisHash, type OpenPart, sealPart } from '../../../aggregators/part.ts'
import { addCounts, emptyTally, sum, type Tally } from '../../../aggregators/tally.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll } from '../../aggregators/arrivals.ts'

/** A final poll's archive, made up: what it got in which window and shard, and the lines that say so. */
export const windowMs = 5000
export const createdAt = 1_790_000_000_000

export type Got = { shardId: string; window: number; counts?: Tally['counts']; rejected?: Tally['rejected'] }

/** `window` counts from the poll's beginning; a window without votes is absent. */
export const got: readonly Got[] = [
  { shardId: 's1', window: 0, counts: { ana: 3 } },
  { shardId: 's2', window: 0, counts: { ana: 1, bia: 2 }, rejected: { unknown_option: 1 } },
  { shardId: 's1', window: 1, counts: { bia: 4 } },
  // A second part of the same window, as a late record makes it.
  { shardId: 's1', window: 1, counts: { bia: 1 } },
  { shardId: 's2', window: 4, counts: { ana: 5 }, rejected: { closed: 2 } },
]

/** The plain sum of what the poll got in the first windows. */
export const sumOf = (windows: number): Tally => {
  const total = emptyTally()
  for (const { counts = {}, rejected = {}, window } of got)
    if (window < windows) {
      addCounts(total.counts, counts)
      addCounts(total.rejected, rejected)
    }
  return total
}

const closedAt = createdAt + 22_000

/** Closed in the middle of its last window, and final before that window was over. */
export const finalPoll: Poll = aPoll({
  createdAt,
  opensAt: createdAt,
  shards: ['s1', 's2'],
  closedAt,
  finalAt: closedAt + 600,
  result: {
    ...sumOf(5),
    shards: { s1: { counted: 8, rejected: 0 }, s2: { counted: 8, rejected: 3 } },
    newestArrival: createdAt + 21_500,
    unproved: [],
    latency: addLatencies({}, noLatencies()).acceptedToCounted ?? { histogram: '', clamped: 0 },
  },
})

const partsOf = (shardId: string): string[] => {
  let previous = genesisHash
  return got
    .filter((one) => one.shardId === shardId)
    .map(({ window, counts = {}, rejected = {} }, number) => {
      const start = createdAt + window * windowMs
      const part: OpenPart = {
        window: { start, end: start + windowMs },
        first: '1',
        last: '1',
        records: sum(counts) + sum(rejected),
        runs: [],
        digest: '',
        // Another poll's votes, which must not be taken for this one's.
        polls: { final: { counts, rejected }, 'final-2': { counts: { ana: 100 }, rejected: {} } },
        rejected: { closed: 1 },
      }
      const sealed = sealPart(shardId, number, previous, part)
      previous = sealed.hash
      return partLine(sealed)
    })
}

/** The archive in a data folder. */
export const archiveIn = (folder: string): Archive => folderArchive(join(folder, 's3/placar-audit'))

/** Writes it into a data folder as the export does: several files, and one of them twice. */
export const writeArchive = async (folder: string, { last = true } = {}): Promise<void> => {
  const [s1, s2] = [partsOf('s1'), partsOf('s2')]
  const heads = { s1: { parts: s1.length, head: '' }, s2: { parts: s2.length, head: '' } }
  const files = {
    '13/one-1.gz': [...s1.slice(0, 1), ...s2],
    '14/one-2.gz': s1.slice(1),
    '14/one-2-again.gz': [...s1, ...s2],
    ...(last ? { '15/one-3.gz': [pollLine(finalPoll, heads)] } : {}),
  }
  for (const [name, lines] of Object.entries(files)) {
    const path = join(folder, 's3/placar-audit/windows/2026/09/21', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, gzipSync(lines.join('')))
  }
}
