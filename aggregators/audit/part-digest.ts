import { hash } from 'node:crypto'
import { isAfter } from '../sequence-number.ts'
import type { Row } from './database.ts'
import { type Finding, finding } from './finding.ts'

/** A part's records, from `first` to `last`; the digest it says they have, and what was found of it so far. */
type Range = { shard: string; part: number; first: string; last: string; digest: string; found: string }

/**
 * Checks the digests of parts, which are chains over their records' prints (docs/audit-format.md). Like all of the recount,
 * it shares no code with the fold.
 *
 * @param rows those of recount.sql with the topic `part_range`
 * @param prints the lines of prints.sql, in their order
 */
export const checkDigests = async (
  rows: readonly Row[],
  prints: AsyncIterable<readonly string[]>,
): Promise<Finding[]> => {
  const parts = rows.map(toRange).sort((left, right) => (isAfter(left.first, right.first) ? 1 : -1))
  const queues = Map.groupBy(parts, ({ shard }) => shard)
  let before = ''
  for await (const lines of prints)
    for (const line of lines) {
      if (line === before) continue
      before = line
      const [shard = '', sequenceNumber = '', print = ''] = line.split(' ')
      const part = partAt(queues.get(shard) ?? [], sequenceNumber)
      if (part !== undefined) part.found = hash('sha256', part.found + print)
    }
  return parts
    .filter(({ found, digest }) => found !== digest)
    .map(({ shard, part, found, digest }) => finding('part_digest', { shard, part, found, expected: digest }))
}

/** The part that holds a record. Those that end before it leave the queue: records only go up. */
const partAt = (queue: Range[], sequenceNumber: string): Range | undefined => {
  while (queue[0] !== undefined && isAfter(sequenceNumber, queue[0].last)) queue.shift()
  const [part] = queue
  return part === undefined || isAfter(part.first, sequenceNumber) ? undefined : part
}

const toRange = ({ shard, part, sequence_number, found, expected }: Row): Range => ({
  shard: String(shard),
  part: Number(part),
  first: String(sequence_number),
  last: String(found),
  digest: String(expected),
  found: '',
})
