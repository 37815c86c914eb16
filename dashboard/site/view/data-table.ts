import { make } from './element.ts'

/** A table as data: the first cell of each row is its heading. */
export type TableData = { caption: string; columns: readonly string[]; rows: readonly (readonly string[])[] }

/** Puts a table into `place`, instead of the one there, unless it says the same. */
export const showTable = (place: HTMLElement, data: TableData): void => {
  const said = JSON.stringify(data)
  if (shown.get(place) === said) return
  shown.set(place, said)
  const table = make('table')
  table.append(make('caption', '', data.caption))
  const head = table.createTHead().insertRow()
  for (const column of data.columns) head.append(headingCell('col', column))
  const body = table.createTBody()
  for (const [heading = '', ...cells] of data.rows) {
    const row = body.insertRow()
    row.append(headingCell('row', heading), ...cells.map((cell) => make('td', '', cell)))
  }
  place.replaceChildren(table)
}

/** What each place shows, so that a reader in the middle of a table is not thrown out of it for nothing. */
const shown = new WeakMap<HTMLElement, string>()

const headingCell = (scope: 'col' | 'row', text: string): HTMLElement => {
  const cell = make('th', '', text)
  cell.scope = scope
  return cell
}
