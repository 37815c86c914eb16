import { own, sum } from '../../aggregators/tally.ts'
import { type Poll, type PollResult, pollStatus } from '../../ingest/poll.ts'

/** Prints polls as a table, newest first. */
export const printPolls = (polls: readonly Poll[], now: number): void => {
  if (polls.length === 0) console.log('There are no polls yet; npm run polls -- create makes one.')
  const rows = polls
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .map((poll) => [poll.id, status(poll, now), when(poll.opensAt), when(poll.closesAt), poll.title])
  if (rows.length > 0) printRows([['ID', 'STATUS', 'OPENS', 'CLOSES', 'TITLE'], ...rows])
}

/** Prints one poll with its options. */
export const printPoll = (poll: Poll, now: number): void => {
  printRows([
    ['Poll', poll.id],
    ['Title', poll.title],
    ['Status', status(poll, now)],
    ['Opens', when(poll.opensAt)],
    ['Closes', when(poll.closesAt)],
    ...(poll.closedAt === undefined ? [] : [['Closed', when(poll.closedAt)]]),
    ...(poll.closedAt === undefined || poll.finalAt === undefined
      ? []
      : [['Final', `${when(poll.finalAt)}, ${seconds(poll.finalAt - poll.closedAt)} after it closed`]]),
    ...optionTexts(poll).map((text, at) => [at === 0 ? 'Options' : '', text]),
    ...(poll.result ? resultRows(poll.result) : []),
    ['Shards', poll.shards.length === 0 ? 'none has had a vote yet' : shardRange(poll.shards)],
  ])
}

/** Each option, and once the poll is final, its votes in a column. */
const optionTexts = ({ options, result }: Poll): string[] => {
  const names = options.map(({ id, label }) => `${id} = ${label}`)
  if (result === undefined) return names
  const width = Math.max(...names.map(({ length }) => length))
  return options.map(({ id }, at) => {
    const votes = (own(result.counts, id) ?? 0).toLocaleString('en-US')
    return `${names[at]?.padEnd(width)}  ${votes}`
  })
}

const resultRows = ({ counts, rejected, unproved }: PollResult): string[][] => [
  ['Counted', sum(counts).toLocaleString('en-US')],
  [
    'Rejected',
    Object.entries(rejected)
      .map(([reason, n]) => `${reason} ${n.toLocaleString('en-US')}`)
      .join(', ') || '0',
  ],
  [
    'Proved',
    unproved.length === 0
      ? 'yes: every shard has passed the close marker'
      : `no: votes may have outlived the retention unread in ${unproved.join(', ')}`,
  ],
]

/** All of them where they are few. */
const shardRange = (shards: readonly string[]): string =>
  shards.length <= 4 ? shards.join(', ') : `${shards.length}, from ${shards[0]} to ${shards.at(-1)}`

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

const status = (poll: Poll, now: number): string => {
  if (poll.pending) return 'pending'
  return poll.voided ? 'void' : pollStatus(poll, now)
}

const when = (ms: number | null): string => (ms === null ? 'by hand' : new Date(ms).toISOString())

const printRows = (rows: readonly string[][]): void => {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  )
  for (const row of rows)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
