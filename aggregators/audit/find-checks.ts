import { isAfter } from '../sequence-number.ts'
import { addOutcome, emptyTally, own, type Tally } from '../tally.ts'
import type { FoundRecord } from './find.ts'
import type { ChainPlace } from './find-chain.ts'

/** One thing that was checked, as a sentence that is true when it `holds`, or says what is wrong when it does not. */
export type Check = { holds: boolean; says: string }

/** What speaks for a record's place in the archive; without a part there is little to check. */
export const checksOf = (found: FoundRecord): Check[] => {
  const { record, place, lastLines } = found
  return [
    check(
      record.differing === 0,
      'the archive has one version of the record',
      `the archive has other versions of the record, too: ${record.differing}`,
    ),
    ...(lastLines > 1
      ? [check(false, '', `the archive has ${lastLines} different last lines of the poll`)]
      : []),
    ...('missing' in place ? missingPart(place.missing) : partChecks(found, place)),
  ]
}

const missingPart = (missing: 'later' | 'left out'): Check[] =>
  missing === 'later'
    ? []
    : [check(false, '', 'no part in the archive holds the record, though later parts are there')]

const partChecks = (found: FoundRecord, place: ChainPlace): Check[] => {
  const { shardId, sequenceNumber } = found.record
  const { body, number, hash, computed } = place
  return [
    check(
      body.shardId === shardId && body.part === number,
      'the part’s bytes name its shard and its number',
      `the part’s bytes say that it is part ${body.part} of ${body.shardId}`,
    ),
    check(
      !isAfter(body.first, sequenceNumber) && !isAfter(sequenceNumber, body.last),
      'the record’s sequence number lies within the part’s range',
      `the part’s range, ${body.first} to ${body.last}, leaves the record out`,
    ),
    ...sumChecks(found, place),
    check(
      hash === computed,
      'SHA-256 over the previous hash and the part’s bytes is the part’s hash',
      `SHA-256 over the previous hash and the part’s bytes is ${computed}, not the part’s hash`,
    ),
    ...linkChecks(place),
    ...headChecks(found, place),
  ]
}

/** The part must have counted and rejected at least what this record alone brings. */
const sumChecks = ({ body, fates }: FoundRecord, place: ChainPlace): Check[] => {
  if (body.kind !== 'votes' || fates.some(({ outcome }) => outcome === undefined)) return []
  const brings = emptyTally()
  for (const { outcome } of fates) if (outcome !== undefined) addOutcome(brings, outcome)
  const said = own(place.body.polls, body.poll)
  const holds = covers(said ?? emptyTally(), brings, place.body.rejected)
  return [
    check(
      holds,
      'the part’s sums have room for every vote of the record',
      'the part’s sums are smaller than what this record alone brings',
    ),
  ]
}

const covers = (said: Tally, brings: Tally, apart: Tally['rejected']): boolean =>
  Object.entries(brings.counts).every(([option, votes]) => (own(said.counts, option) ?? 0) >= votes) &&
  Object.entries(brings.rejected).every(
    ([reason, votes]) => (own(said.rejected, reason) ?? 0) + (own(apart, reason) ?? 0) >= votes,
  )

const linkChecks = ({ number, until, broken }: ChainPlace): Check[] => {
  const links = until.number - number
  if (links === 0) return []
  const parts = links === 1 ? `part ${until.number} is` : `the ${links} parts up to ${until.number} are`
  return [
    check(
      broken === undefined,
      `${parts} chained to it, link by link`,
      `part ${broken} is missing or does not fit: the chain is broken there`,
    ),
  ]
}

const headChecks = ({ fates }: FoundRecord, { number, until, head }: ChainPlace): Check[] => {
  if (head === undefined) return []
  if (number >= head.parts) {
    const counted = fates.some(({ outcome }) => outcome !== undefined && 'option' in outcome)
    return counted
      ? [check(false, '', `the part lies behind the poll’s published head, part ${head.parts - 1}`)]
      : []
  }
  return [
    check(
      until.hash === head.head,
      `the hash of part ${until.number} is the head that the poll’s last line publishes for the shard`,
      `part ${until.number} does not have the hash that the poll’s last line publishes, ${head.head}`,
    ),
  ]
}

const check = (holds: boolean, yes: string, no: string): Check => ({ holds, says: holds ? yes : no })
