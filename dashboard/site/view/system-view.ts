import type { Scoreboard, Stats } from '../../read-model.ts'
import { ageText, countText } from '../model/figures.ts'
import { rejectionRows } from '../model/rejection-rows.ts'
import { showTable } from './data-table.ts'
import { find, make, setText } from './element.ts'

/** Rejections by reason, and how the counting itself is doing. `stats` is `undefined` until it first answered. */
export const showSystem = (panels: HTMLElement, scoreboard: Scoreboard, stats: Stats | undefined): void => {
  const rows = rejectionRows(scoreboard.rejected, stats?.rejected)
  const place = find('[data-rejections]', panels)
  place.hidden = rows.length === 0
  find('[data-rejections-empty]', panels).hidden = rows.length > 0
  showTable(place, {
    caption: 'Accepted votes that were not counted',
    columns: ['Reason', 'This poll', 'Every poll'],
    rows: rows.map((row) => [row.meaning, row.hereText, row.everywhereText]),
  })
  rows.forEach((row, i) => {
    const element = place.querySelectorAll<HTMLElement>('tbody tr')[i]
    if (element !== undefined) element.dataset.reason = row.reason
  })
  showFacts(find('[data-facts]', panels), factsOf(scoreboard, stats))
}

const factsOf = ({ asOf, counted, freshness }: Scoreboard, stats: Stats | undefined): [string, string][] => {
  const { behindMs, newestArrival, shards, shardsReporting } = freshness
  return [
    ['Behind the votes', behindMs === null ? 'unknown' : ageText(behindMs)],
    [
      'Newest vote',
      newestArrival === null ? 'none yet' : `${ageText(Math.max(0, asOf - newestArrival))} earlier`,
    ],
    ['Shards counted, ended ones too', `${countText(shardsReporting)} of ${countText(shards)}`],
    // `stats` is read less often; every poll together never has fewer votes than one.
    ['Counted, every poll', stats === undefined ? '–' : countText(Math.max(stats.counted, counted))],
  ]
}

const showFacts = (list: HTMLElement, facts: readonly [string, string][]): void => {
  facts.forEach(([term, value], i) => {
    const pair = list.children[i] ?? list.appendChild(make('div'))
    if (pair.children.length === 0) pair.append(make('dt', '', term), make('dd'))
    setText(find('dd', pair), value)
  })
}
