import type { Figure } from './finding.ts'
import { sentence } from './sentence.ts'
import type { Verification } from './verification.ts'

/** What a report says beside the verification. `board`: what the third column is. */
export type ReportOptions = { board: string; notCompared: readonly string[] }

/** The whole report: one table of raw votes, parts and scoreboard, what is wrong or missing, and the verdict. */
export const reportLines = (verification: Verification, { board, notCompared }: ReportOptions): string[] => {
  const { poll, figures, disagreements, missing } = verification
  return [
    `Poll ${poll.id}, ${poll.title}`,
    '',
    ...(figures.length === 0 ? [] : [...table(verification, board), '']),
    ...list('Disagreements:', disagreements.map(sentence)),
    ...list('Not there yet:', missing.map(sentence)),
    ...list('Not compared:', notCompared),
    ...list('Not proved:', unproved(verification)),
    `Verdict: ${verdicts[verification.verdict]}`,
  ]
}

const verdicts: Readonly<Record<Verification['verdict'], string>> = {
  agrees: 'all agree.',
  disagrees: 'SOMETHING DISAGREES.',
  incomplete: 'archive not complete yet; nothing that is there disagrees.',
}

const unproved = ({ poll }: Verification): string[] =>
  (poll.result?.unproved ?? []).map(
    (shard) => `shard ${shard}: by the result itself, votes may have outlived the stream's retention unread`,
  )

const mostLines = 100

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : [
        title,
        ...lines.slice(0, mostLines).map((line) => `  ${line}`),
        ...(lines.length > mostLines ? [`  and ${lines.length - mostLines} more`] : []),
        '',
      ]

const table = (verification: Verification, board: string): string[] => {
  const rows = [
    ['', 'raw votes', 'parts', board, ''],
    ...inOrder(verification).map((figure) => [
      labelOf(figure, verification),
      cell(figure, figure.raw),
      cell(figure, figure.parts),
      cell(figure, figure.board),
      marks[String(figure.agrees)] ?? '',
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((text, at) =>
        at === 0 || at === 4 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

const marks: Readonly<Record<string, string>> = {
  true: 'agree',
  false: 'DISAGREE',
  undefined: 'not complete',
}

const figureLabels: Readonly<Record<string, string>> = {
  records: 'records in its parts',
  votes: 'votes in its parts, of all polls',
  malformed: 'malformed in its parts',
  unsupported_version: 'unsupported version in its parts',
  newest_arrival: 'newest arrival',
  parts: 'parts, from the first',
}

/** Options in the poll's order, reasons, shards, and then the rest; a shard that rejected nothing has one row. */
const inOrder = ({ poll, figures }: Verification): Figure[] => {
  const of = (topic: Figure['topic']): Figure[] => figures.filter((figure) => figure.topic === topic)
  const place = ({ item }: Figure): number => {
    const at = poll.options.findIndex(({ id }) => id === item)
    return at < 0 ? poll.options.length : at
  }
  const rest = Object.keys(figureLabels)
  return [
    ...of('option').sort((left, right) => place(left) - place(right)),
    ...of('rejected').sort((left, right) => left.item.localeCompare(right.item)),
    ...of('shard')
      .filter(({ item, raw, parts, board }) => item === 'counted' || raw !== 0 || parts !== 0 || board !== 0)
      .sort((left, right) => `${left.shard} ${left.item}`.localeCompare(`${right.shard} ${right.item}`)),
    ...of('figure').sort((left, right) => rest.indexOf(left.item) - rest.indexOf(right.item)),
  ]
}

const labelOf = ({ topic, item, shard }: Figure, { poll }: Verification): string => {
  if (topic === 'rejected') return `rejected: ${item}`
  if (topic === 'shard') return `${shard} ${item}`
  if (topic === 'figure') return figureLabels[item] ?? item
  const label = poll.options.find(({ id }) => id === item)?.label
  return label === undefined || label === item ? `votes: ${item}` : `votes: ${label} (${item})`
}

const cell = ({ item }: Figure, value: number | null): string => {
  if (value === null) return '–'
  return item === 'newest_arrival' ? new Date(value).toISOString() : value.toLocaleString('en-US')
}
