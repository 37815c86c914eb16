import { type Poll, pollStatus } from '../../ingest/poll.ts'

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
    ...poll.options.map(({ id, label }, at) => [at === 0 ? 'Options' : '', `${id} = ${label}`]),
    ['Shards', poll.shards.length === 0 ? 'none has had a vote yet' : poll.shards.join(', ')],
  ])
}

const status = (poll: Poll, now: number): string => (poll.voided ? 'void' : pollStatus(poll, now))

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
