import { markdownTable } from '../cost/markdown-table.ts'
import type { CountingReport } from './counting.ts'
import { aimLine, rateCells, ratioCell, verdictLines } from './ratio-text.ts'

/** Aimed at: of the floor's rate, and of Powertools'. */
const aims = { ofFloor: 0.4, ofPowertools: 1 }

/** The result as Markdown: a row for each way to count, what is aimed at, the verdict. */
export const countingMarkdown = (
  { summary, failures }: Pick<CountingReport, 'summary' | 'failures'>,
  circumstances: string,
): string => {
  const { floor, placar, powertools, ofFloor, ofPowertools } = summary
  return [
    circumstances,
    markdownTable(
      ['', 'records/s', 'least to most', 'Placar by it'],
      [
        ['base64 and `JSON.parse` alone', ...rateCells(floor), ratioCell(ofFloor)],
        [
          "Powertools' asynchronous processor, a plain count",
          ...rateCells(powertools),
          ratioCell(ofPowertools),
        ],
        ["Placar's aggregator", ...rateCells(placar), ''],
      ],
    ),
    [
      aimLine("Placar's rate by the floor's", ofFloor.median, aims.ofFloor),
      aimLine("Placar's rate by Powertools'", ofPowertools.median, aims.ofPowertools),
    ].join('\n'),
    'Not equal: Placar also hashes every record for the audit, counts it only when it is new, keeps latencies and writes its ledger as text.',
    verdictLines(failures, 'all three counted the same votes'),
  ].join('\n\n')
}
