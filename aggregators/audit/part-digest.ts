import { isAfter } from '../sequence-number.ts'
import type { Row } from './database.ts'
import { type Finding, finding } from './finding.ts'
import { frameOf } from './raw-frame.ts'
import { type RunChain, runChain } from './run-chain.ts'

/** A part's records, from `first` to `last`; the digest it says they have, and the one they are found to have. */
type Range = { shard: string; part: number; first: string; last: string; digest: string; chain: RunChain }

/**
 * Checks the digests of parts, which are chains over runs of their records (docs/audit-format.md). Like all of the recount,
 * it shares no code with the fold.
 *
 * @param rows those of recount.sql with the topic `part_range`
 * @param records the lines of frames.sql, in their order
 */
export const checkDigests = async (
  rows: readonly Row[],
  records: AsyncIterable<readonly string[]>,
): Promise<Finding[]> => {
  const parts = rows.flatMap(toRange).sort((left, right) => (isAfter(left.first, right.first) ? 1 : -1))
  const queues = Map.groupBy(parts, ({ shard }) => shard)
  let before = ''
  for await (const lines of records)
    for (const line of lines) {
      if (line === before) continue
      before = line
      const [shard = '', sequenceNumber = '', ...rest] = line.split(' ')
      const part = partAt(queues.get(shard) ?? [], sequenceNumber)
      part?.chain.add(frameOf(sequenceNumber, rest))
    }
  return [...rows.flatMap(wrongRuns), ...parts.flatMap(wrongDigest)]
}

/** The part that holds a record. Those that end before it leave the queue: records only go up. */
const partAt = (queue: Range[], sequenceNumber: string): Range | undefined => {
  while (queue[0] !== undefined && isAfter(sequenceNumber, queue[0].last)) queue.shift()
  const [part] = queue
  return part === undefined || isAfter(part.first, sequenceNumber) ? undefined : part
}

const toRange = (row: Row): Range[] => {
  const runs = runsOf(row)
  if (runs === undefined) return []
  const { shard, part, sequence_number, found, expected } = row
  return [
    {
      shard: String(shard),
      part: Number(part),
      first: String(sequence_number),
      last: String(found),
      digest: String(expected),
      chain: runChain(runs),
    },
  ]
}

/** The runs of a part; `undefined` unless they are whole numbers that add up to its records. */
const runsOf = ({ item, raw }: Row): number[] | undefined => {
  const runs: unknown = JSON.parse(String(item))
  if (!Array.isArray(runs) || !runs.every((run) => Number.isInteger(run) && run > 0)) return undefined
  return runs.reduce((sum, run) => sum + run, 0) === raw ? runs : undefined
}

const wrongRuns = (row: Row): Finding[] => {
  if (runsOf(row) !== undefined) return []
  const { shard, part, item, raw } = row
  const found = item === null ? null : String(item)
  return [finding('part_runs', { shard: String(shard), part: Number(part), raw: Number(raw), found })]
}

const wrongDigest = ({ shard, part, chain, digest }: Range): Finding[] => {
  const found = chain.digest()
  return found === digest ? [] : [finding('part_digest', { shard, part, found, expected: digest })]
}
