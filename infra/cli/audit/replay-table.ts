import { exactUntil } from '../../../aggregators/audit/replay-windows.ts'
import { sum } from '../../../aggregators/tally.ts'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { countText, shareText } from '../../../dashboard/site/model/figures.ts'
import type { FoundPast } from './replay-poll.ts'
import { pollAt } from './replay-store.ts'

/** A scoreboard as lines of text. */
export const scoreboardLines = ({ poll, status, asOf, options, counted, rejected }: Scoreboard): string[] => {
  const rows = [
    ['OPTION', 'VOTES', 'SHARE'],
    ...options.map(({ label, votes, share }) => [label, countText(votes), shareText(share, votes, counted)]),
  ]
  const reasons = Object.entries(rejected).map(([reason, votes]) => ['', countText(votes), reason])
  const figures = [
    ['Counted', countText(counted), ''],
    ...(reasons.length > 0 ? [['Rejected', countText(sum(rejected)), '']] : []),
  ]
  return [
    `${poll.title} (${poll.id}), ${status}, ${isoText(asOf)}`,
    '',
    ...aligned([...rows, ['', '', ''], ...figures, ...reasons]),
  ]
}

/** What the scoreboard of a moment, epoch ms, is worth: windows are the finest record of the past. */
export const worthText = ({ poll, windows, whole }: FoundPast, at: number): string => {
  if (pollAt(poll, at).finalAt !== undefined)
    return 'Exact: the poll was final by then, and this is its result.'
  const reach = whole ? at : Math.min(at, windows.at(-1)?.end ?? poll.createdAt)
  const exact = exactUntil(windows, reach)
  const around = windows.find(({ start, end }) => start < reach && reach < end)
  const why = around
    ? `: the past is kept in windows of ${(around.end - around.start) / 1000} s, and the one around ${isoText(at)} had not ended.`
    : '.'
  const unless = whole
    ? ''
    : ' Not surely all of it: the poll has no last line in the archive yet, so windows may be missing.'
  return `Exact up to ${isoText(exact)}${why}${unless}`
}

export const isoText = (ms: number): string => new Date(ms).toISOString()

/** The first column to the left, the second to the right. */
const aligned = (rows: readonly string[][]): string[] => {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const [first, second] = [width(0), width(1)]
  return rows.map(([name = '', figure = '', more = '']) =>
    `${name.padEnd(first)}  ${figure.padStart(second)}  ${more}`.trimEnd(),
  )
}
