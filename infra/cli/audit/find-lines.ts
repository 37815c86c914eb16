import type { FindResult, FoundRecord } from '../../../aggregators/audit/find.ts'
import type { ChainPlace } from '../../../aggregators/audit/find-chain.ts'
import { type Check, checksOf } from '../../../aggregators/audit/find-checks.ts'
import { maxRecords, type Sought } from '../../../aggregators/audit/find-records.ts'
import { type Receipt, receiptText } from '../../../aggregators/audit/receipt.ts'
import { isAfter } from '../../../aggregators/sequence-number.ts'
import { own, sum } from '../../../aggregators/tally.ts'
import { countText, votesText } from '../../../dashboard/site/model/figures.ts'
import type { Vote } from '../../../ingest/vote.ts'
import { isoText } from './replay-table.ts'

/** Of the votes of one record, this many are shown. */
const maxVotes = 20

/** A found record as lines of text. */
export const recordLines = (found: FoundRecord): string[] => {
  const { record, place } = found
  return [
    `Record     ${receiptText(record)}`,
    `Arrived    ${isoText(record.arrival)}`,
    `Key        ${record.partitionKey}`,
    ...voteLines(found),
    ...('missing' in place ? [] : partLines(found, place)),
    ...checkLines(checksOf(found)),
    ...openLines(found),
    '',
  ]
}

const voteLines = ({ body, positions, fates }: FoundRecord): string[] => {
  if (body.kind !== 'votes') return [`Holds      ${printable(fates[0]?.why ?? 'nothing')}`]
  const shown = positions.slice(0, maxVotes).flatMap((at) => {
    const vote = body.votes[at]
    const of = body.votes.length === 1 ? '' : `${at + 1} of ${body.votes.length}, `
    return vote === undefined
      ? []
      : [
          `Vote       ${printable(of + voteText(vote, body.poll))}`,
          `           ${printable(fates[at]?.why ?? '')}`,
        ]
  })
  const more = positions.length - maxVotes
  return more > 0 ? [...shown, `           and ${votesText(more)} more in this record`] : shown
}

const voteText = ({ option, voteId, voterId, castAt }: Vote, poll: string): string =>
  [
    `for ${option} in poll ${poll}`,
    ...(voteId === undefined ? [] : [`voteId ${voteId}`]),
    ...(voterId === undefined ? [] : [`voterId ${voterId}`]),
    ...(isInstant(castAt) ? [`cast at ${isoText(castAt)}, says the client`] : []),
  ].join(', ')

/** Whether a date can be made of it; what is in a record has passed no schema for sure. */
const isInstant = (ms: number | undefined): ms is number => typeof ms === 'number' && Math.abs(ms) <= 8.64e15

/** Texts of others, for a terminal: without control characters, and not endless. */
const printable = (text: string): string => {
  const clean = text.replaceAll(/\p{Cc}/gu, '\ufffd')
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean
}

const partLines = ({ body, record }: FoundRecord, place: ChainPlace): string[] => {
  const { window, records, polls, rejected } = place.body
  const tally = body.kind === 'votes' ? own(polls, body.poll) : undefined
  const reasons = Object.entries(rejected).map(([reason, votes]) => `${reason} ${countText(votes)}`)
  const holds = [
    `${countText(records)} ${records === 1 ? 'record' : 'records'}`,
    ...(tally === undefined
      ? []
      : [
          `of the poll ${countText(sum(tally.counts))} counted and ${countText(sum(tally.rejected))} rejected`,
        ]),
    ...(reasons.length === 0 ? [] : [`outside of any poll’s sums rejected: ${reasons.join(', ')}`]),
  ]
  return [
    `Part       ${place.number} of ${record.shardId}, window ${isoText(window.start)} to ${isoText(window.end)}`,
    `           ${holds.join('; ')}`,
    `Hash       ${place.hash}`,
    `Previous   ${place.previous}`,
  ]
}

const checkLines = (checks: readonly Check[]): string[] =>
  checks.map(
    ({ holds, says }, at) => `${(at === 0 ? 'Checked' : '').padEnd(11)}${holds ? 'yes' : 'NO '}  ${says}`,
  )

/** What is not there yet, in words, and what more can be asked. */
const openLines = ({ body, place, lastLines }: FoundRecord): string[] => {
  if ('missing' in place)
    return place.missing === 'later'
      ? [
          'Not yet    the part that has it is not in the archive yet: what became of it is by the rules alone. Ask again in a minute.',
        ]
      : []
  if (lastLines > 0 && body.kind === 'votes')
    return [`More       npm run audit -- verify --poll ${body.poll} recounts this part and all others`]
  return [
    'Not yet    no head that a poll has published was there to compare with: the chain is as good as this archive.',
  ]
}

/** What it means that nothing was found. */
export const notFoundText = (sought: Sought, reach: FindResult['reach']): string => {
  if ('voteId' in sought)
    return `No record in the archive carries the vote id ${sought.voteId}. Either the client sent none (only votes with a voteId can be found by it; a receipt finds every vote), or it is another one, or the vote has not arrived in the archive yet (ask again in a minute), or its file was deleted.`
  const { shardId } = sought.receipt
  if (reach === undefined)
    return `The archive has no record of ${shardId}. Either nothing of that shard has arrived in it yet (ask again in a minute), or the receipt is of another Placar, or those files were deleted.`
  return `There is no such record in the archive. ${reachText(sought.receipt, reach)}`
}

const reachText = ({ sequenceNumber }: Receipt, reach: NonNullable<FindResult['reach']>): string => {
  if (isAfter(sequenceNumber, reach.newest))
    return `It would come behind the newest one of its shard there, which arrived at ${isoText(reach.newestArrival)}: it has not been archived yet (ask again in a minute), or the receipt is wrong.`
  if (isAfter(reach.oldest, sequenceNumber))
    return 'It would come before the oldest one of its shard there: the files of that time were deleted, or the receipt is wrong.'
  return 'Records before and behind it are there: the receipt is wrong, or the record was taken out of the archive, which npm run audit -- verify would find.'
}

/** How many more records there are than are shown. */
export const moreText = (total: number): string | undefined =>
  total > maxRecords
    ? `${countText(total - maxRecords)} more records carry this vote id: it is the client’s own, and nothing keeps it from being used twice.`
    : undefined
