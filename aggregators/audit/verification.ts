import type { Poll } from '../../ingest/poll.ts'
import type { Row } from './database.ts'
import type { Expectation } from './expectation.ts'
import { type Figure, type Finding, finding, toFigure, toFinding } from './finding.ts'

/**
 * What a recount found. `disagrees` when anything is wrong; `incomplete` when nothing is, and something has not arrived in
 * the archive yet.
 */
export type Verification = {
  poll: Poll
  verdict: 'agrees' | 'disagrees' | 'incomplete'
  figures: Figure[]
  disagreements: Finding[]
  missing: Finding[]
}

const incompleteTopics: readonly Finding['topic'][] = ['tail', 'part_tail', 'poll_line_missing']

/** @param rows of recount.sql; @param said what was found beside it */
export const verification = (
  { poll }: Expectation,
  rows: readonly Row[],
  said: readonly Finding[],
): Verification => {
  const findings = [...said, ...rows.filter((row) => toFigure(row) === undefined).map(toFinding)]
  const missing = findings.filter(({ topic }) => incompleteTopics.includes(topic))
  const figures = rows.flatMap((row) => toFigure(row) ?? []).map((figure) => judge(figure, missing))
  const totals = figures.filter(({ agrees }) => agrees === false)
  const disagreements = [
    ...findings.filter(({ topic }) => !incompleteTopics.includes(topic)),
    ...totals.map(({ agrees: _, topic, ...figure }) => finding('total', { ...figure, found: topic })),
  ]
  const verdict = disagreements.length > 0 ? 'disagrees' : missing.length > 0 ? 'incomplete' : 'agrees'
  return { poll, verdict, figures, disagreements, missing }
}

/** A figure is only judged where everything that belongs to it has arrived. */
const judge = (figure: Figure, missing: readonly Finding[]): Figure => {
  const open = missing.some(({ shard, topic }) =>
    figure.topic === 'shard' ? shard === figure.shard : topic !== 'poll_line_missing',
  )
  // The figures of parts are told for those that have arrived; the number of parts and the newest arrival are not.
  const always = figure.topic === 'figure' && !['parts', 'newest_arrival'].includes(figure.item)
  if (open && !always) return figure
  const said = [figure.raw, figure.parts, figure.board].filter((value) => value !== null)
  const missed = figure.item === 'newest_arrival' && (figure.raw === null) !== (figure.board === null)
  return { ...figure, agrees: !missed && said.every((value) => value === said[0]) }
}
