import { complaint } from '../comparison.ts'
import { markdownTable } from '../cost/markdown-table.ts'
import type { Verdict } from '../reconcile.ts'
import type { VolleyResult } from '../volley/result.ts'
import { ratioSpread, spreadOf } from './ratio.ts'
import { aimLine, rateCells, ratioCell, verdictLines, whole } from './ratio-text.ts'
import type { WatchersRounds } from './watchers.ts'

/** Reads per second of either kind. */
const aim = 15_000

/** The votes that came in meanwhile, `rate` a second, and how they were counted. */
export type Meanwhile = {
  rate: number
  volley: Pick<VolleyResult, 'acceptedVotes' | 'acceptedPerSecond'>
  verdict: Pick<Verdict, 'comparisons'>
}

/** What is wrong with the count of the votes, if anything is. */
export const voteComplaints = ({ volley, verdict }: Meanwhile): string[] => [
  ...verdict.comparisons.map(complaint).filter((line) => line !== undefined),
  ...(volley.acceptedVotes === 0 ? ['not one vote was accepted'] : []),
]

/** The kinds of read whose median is under what is required. */
export const watchersShortfalls = (all: readonly WatchersRounds[], required: number): string[] =>
  all.flatMap(({ kind, placar }) => {
    const { median } = spreadOf(placar.map(({ perSecond }) => perSecond))
    return median < required ? [`${whole(median)} reads/s ${kind}, at least ${whole(required)} required`] : []
  })

/** The result as Markdown: a row for each kind of read, the votes meanwhile, what is aimed at, the verdict. */
export const watchersMarkdown = (
  all: readonly WatchersRounds[],
  { rate, volley, verdict }: Meanwhile,
  failures: readonly string[],
  circumstances: string,
): string => {
  const kinds = all.map(({ kind, placar, bare }) => {
    const rates = placar.map(({ perSecond }) => perSecond)
    const bareRates = bare.map(({ perSecond }) => perSecond)
    const full = placar.reduce((sum, reads) => sum + reads.full, 0)
    const unchanged = placar.reduce((sum, reads) => sum + reads.unchanged, 0)
    const ratio = ratioSpread(rates, bareRates)
    return { kind, placar: spreadOf(rates), bare: spreadOf(bareRates), ratio, full, unchanged }
  })
  return [
    circumstances,
    markdownTable(
      ['scoreboard', 'Placar, reads/s', 'least to most', 'bare/s', 'least to most', 'ratio', '200', '304'],
      kinds.map(({ kind, placar, bare, ratio, full, unchanged }) => [
        kind,
        ...rateCells(placar),
        ...rateCells(bare),
        ratioCell(ratio),
        whole(full),
        whole(unchanged),
      ]),
    ),
    kinds.map(({ kind, placar }) => aimLine(`reads/s ${kind}`, placar.median, aim, 0)).join('\n'),
    `Meanwhile ${whole(rate)} votes/s were due: ${whole(volley.acceptedVotes)} accepted (${whole(volley.acceptedPerSecond)}/s), ${whole(verdict.comparisons.at(-1)?.found ?? 0)} counted.`,
    verdictLines(failures, 'every accepted vote was counted'),
  ].join('\n\n')
}
