import { markdownTable } from '../cost/markdown-table.ts'
import type { IngestReport } from './ingest.ts'
import { ratioSpread, spreadOf } from './ratio.ts'
import { aimLine, rateCells, ratioCell, verdictLines, whole } from './ratio-text.ts'

export const bareName = 'bare node:http'
export const fastifyName = 'Fastify + Redis'
export const expressName = 'Express + Redis'

/** What Placar's rate is to be of a peer's, the median of the ratios round by round. */
const aims: Readonly<Record<string, number>> = { [bareName]: 0.85, [fastifyName]: 1 }

/** A peer that could not be measured. */
export type AbsentPeer = { name: string; why: string }

/** The peers whose median ratio is under what is required of it, by name. */
export const ingestShortfalls = (
  { placar, peers }: IngestReport,
  required: Readonly<Record<string, number>>,
): string[] =>
  peers.flatMap(({ name, perSecond }) => {
    const { median } = ratioSpread(placar.perSecond, perSecond)
    const least = required[name] ?? 0
    return median < least
      ? [`the median ratio to ${name} is ${median.toFixed(3)}, at least ${least} required`]
      : []
  })

/** The result as Markdown: a row for each server, what is aimed at, the counts, the verdict. */
export const ingestMarkdown = (
  { placar, peers, failures }: IngestReport,
  absent: readonly AbsentPeer[],
  circumstances: string,
): string => {
  const ratios = peers.map(({ name, perSecond }) => ({
    name,
    perSecond,
    ratio: ratioSpread(placar.perSecond, perSecond),
  }))
  const counts = peers.flatMap(({ name, answered, counted }) =>
    counted === null ? [] : [`${name} answered ${whole(answered)}, counted ${whole(counted)}`],
  )
  const placarCount = `Placar answered ${whole(placar.answered)}, counted ${whole(placar.verdict.comparisons.at(-1)?.found ?? 0)}`
  return [
    circumstances,
    markdownTable(
      ['server', 'votes/s, median', 'least to most', 'Placar to it, median of the rounds'],
      [
        ['Placar, every vote on disk', ...rateCells(spreadOf(placar.perSecond)), ''],
        ...ratios.map(({ name, perSecond, ratio }) => [
          name,
          ...rateCells(spreadOf(perSecond)),
          ratioCell(ratio),
        ]),
        ...absent.map(({ name, why }) => [name, `not measured: ${why}`, '', '']),
      ],
    ),
    [
      ...ratios.flatMap(({ name, ratio }) => {
        const aim = aims[name]
        return aim === undefined ? [] : [aimLine(`ratio to ${name}`, ratio.median, aim)]
      }),
      ...absent.flatMap(({ name }) => {
        const aim = aims[name]
        return aim === undefined ? [] : [`- Aim: ratio to ${name} at least ${aim.toFixed(2)}; not measured.`]
      }),
    ].join('\n'),
    `${[placarCount, ...counts].join('; ')}. (Votes under way at the end of a turn are counted unseen.)`,
    verdictLines(failures, 'every answered vote was counted'),
  ].join('\n\n')
}
