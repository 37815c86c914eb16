import { conclusion } from '../report.ts'
import type { IngestReport } from './ingest.ts'

/** The rounds as a table, medians and the verdict below. */
export const ingestText = (report: IngestReport, circumstances: string): string => {
  const { rounds, summary, accepted, verdict, failures } = report
  const lines: [string, { placar: number; bare: number }, number][] = [
    ...rounds.map((round, index): [string, typeof round, number] => [
      String(index + 1),
      round,
      round.placar / round.bare,
    ]),
    ['median', summary, summary.ratio],
  ]
  const rows = lines.map(([name, { placar, bare }, ratio]) =>
    row(name, rate(placar), rate(bare), ratio.toFixed(3)),
  )
  const counted = verdict.comparisons.at(-1)
  return [
    circumstances,
    '',
    row('round', 'Placar/s', 'bare/s', 'ratio'),
    ...rows,
    '',
    `accepted ${accepted.toLocaleString('en-US')}, counted ${counted?.found.toLocaleString('en-US')} (those under way at the end of a turn are counted unseen)`,
    conclusion(failures),
    '',
  ].join('\n')
}

const row = (name: string, ...cells: string[]): string =>
  name.padEnd(8) + cells.map((cell) => cell.padStart(10)).join('')

const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString('en-US')
