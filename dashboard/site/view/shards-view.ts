import type { Stats } from '../../read-model.ts'
import { lineage } from '../model/shard-lineage.ts'
import { type ShardRow, shardRows } from '../model/shard-rows.ts'
import { find, make, setText } from './element.ts'

/** The open shards, each with a bar, and which of them took the place of which others. */
export const shardsView = (panel: HTMLElement): { show: (stats: Stats) => void } => {
  const list = find('[data-shards]', panel)
  let shown: ReadonlySet<string> = new Set()
  return {
    show: (stats) => {
      const next = shardRows(stats, shown)
      shown = new Set(next.rows.map(({ id }) => id))
      setText(find('[data-shards-head]', panel), next.head)
      const throttled = find('[data-shards-throttled]', panel)
      setText(throttled, next.headThrottled)
      throttled.dataset.throttled = String(next.throttled)
      keepItems(list, next.rows.length, makeItem).forEach((item, i) => {
        const row = next.rows[i]
        if (row !== undefined) showRow(item, row)
      })
      showText(find('[data-shards-more]', panel), next.more)
      showText(find('[data-shards-note]', panel), next.note)
      showLineage(find('[data-lineage]', panel), stats)
    },
  }
}

const showText = (place: HTMLElement, text: string): void => {
  place.hidden = text === ''
  setText(place, text)
}

/** The items of a list, after it got so many. */
const keepItems = (list: HTMLElement, count: number, create: () => HTMLElement): HTMLElement[] => {
  while (list.children.length > count) list.lastElementChild?.remove()
  while (list.children.length < count) list.append(create())
  return [...list.querySelectorAll<HTMLElement>(':scope > li')]
}

const makeItem = (): HTMLElement => {
  const item = make('li', 'shard')
  const bar = make('span', 'shard-bar')
  bar.append(make('span'))
  const parts = [make('span', 'shard-name'), make('span', 'shard-load'), bar]
  item.append(...parts, make('span', 'shard-votes'), make('strong', 'throttled'))
  return item
}

const showRow = (item: HTMLElement, row: ShardRow): void => {
  item.dataset.shard = row.id
  const name = find('.shard-name', item)
  name.title = row.id
  setText(name, row.name)
  setText(find('.shard-load', item), row.loadText)
  setText(find('.shard-votes', item), row.votesText)
  const throttled = find('.throttled', item)
  setText(throttled, row.throttledText)
  item.dataset.throttled = String(row.throttledText !== '')
  find('.shard-bar span', item).style.setProperty('--fill', String(row.fill))
}

const showLineage = (place: HTMLElement, stats: Stats): void => {
  const { changes, more } = lineage(stats)
  place.hidden = changes.length === 0
  const items = keepItems(find('ul', place), changes.length, makeChange)
  items.forEach((item, i) => {
    const change = changes[i]
    if (change === undefined) return
    setText(find('.ended', item), change.ended)
    setText(find('.took-over', item), change.open)
    setText(find('.kind', item), change.kind)
  })
  showText(find('[data-lineage-more]', place), more === 0 ? '' : `and ${more} more`)
}

const makeChange = (): HTMLElement => {
  const item = make('li')
  item.append(make('span', 'ended'), ' → ', make('span', 'took-over'), ' ', make('span', 'kind'))
  return item
}
