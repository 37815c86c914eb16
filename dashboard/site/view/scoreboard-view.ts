import type { Scoreboard } from '../../read-model.ts'
import { type Standing, type StandingRow, standing } from '../model/standing.ts'
import { find, make, setText } from './element.ts'

/** The scoreboard itself: title, totals, and a row with bar, figures and vote button per option. */
export const scoreboardView = (
  board: HTMLElement,
  vote: (option: { id: string; label: string }) => void,
): { show: (scoreboard: Scoreboard) => void; rest: (resting: boolean) => void } => {
  const table = find('[data-options]', board)
  const body = find('[data-rows]', board)
  keepRoles(table)
  let rows: Row[] = []
  let poll: string | undefined

  return {
    show: (scoreboard) => {
      const next = standing(scoreboard)
      if (poll !== scoreboard.poll.id || rows.length !== next.rows.length) {
        poll = scoreboard.poll.id
        rows = next.rows.map((row) => makeRow(row, vote))
        body.replaceChildren(...rows.map((row) => row.element))
        keepRoles(body)
      }
      table.dataset.density = next.density
      table.style.setProperty('--count', String(next.rows.length))
      table.dataset.voting = String(scoreboard.status === 'open' && scoreboard.replay !== true)
      find('[data-replay]', board).hidden = scoreboard.replay !== true
      rows.forEach((row, i) => {
        const data = next.rows[i]
        if (data !== undefined) row.show(data)
      })
      showTitle(find('[data-title]', board), scoreboard.poll.title)
      showTotals(board, next, scoreboard.counted)
    },
    // Not `disabled`, which would take the keyboard's focus away from the button just pressed.
    rest: (resting) => {
      for (const button of body.querySelectorAll('button'))
        button.setAttribute('aria-disabled', String(resting))
    },
  }
}

/** Titles have no limit; from here on they are set smaller. */
const longTitle = 60

const showTitle = (heading: HTMLElement, title: string): void => {
  heading.dataset.long = String(title.length > longTitle)
  setText(heading, title)
}

const showTotals = (board: HTMLElement, next: Standing, counted: number): void => {
  const total = find('[data-counted]', board)
  total.dataset.counted = String(counted)
  setText(total, next.countedText)
  setText(find('[data-votes-per-second]', board), next.rateText)
  setText(find('[data-rejected-total]', board), next.rejectedText)
}

type Row = { element: HTMLElement; show: (row: StandingRow) => void }

const makeRow = (
  { id, label, colour }: StandingRow,
  vote: (option: { id: string; label: string }) => void,
): Row => {
  const element = make('tr')
  element.dataset.option = id
  element.dataset.colour = String(colour)

  const name = make('th', 'name')
  name.scope = 'row'
  const mark = make('span', 'mark')
  name.append(make('span', 'label', label), ' ', mark)

  const votes = make('td', 'votes')
  const share = make('td', 'share')
  const bar = make('td', 'bar')
  bar.setAttribute('aria-hidden', 'true')
  const fill = make('span')
  bar.append(fill)

  const action = make('td', 'action')
  const button = make('button', '', 'Vote')
  button.type = 'button'
  button.dataset.vote = id
  button.setAttribute('aria-label', `Vote for ${label}`)
  button.addEventListener('click', () => vote({ id, label }))
  action.append(button)

  element.append(name, votes, share, bar, action)
  return {
    element,
    show: (row) => {
      votes.dataset.votes = String(row.votes)
      setText(votes, row.votesText)
      share.dataset.share = row.shareText
      setText(share, row.shareText)
      setText(mark, row.mark ?? '')
      element.dataset.mark = row.mark?.toLowerCase() ?? 'none'
      fill.style.setProperty('--fill', String(row.fill))
    },
  }
}

/** Some browsers take a table whose rows are laid out as a grid for no table at all, unless it says so. */
const keepRoles = (within: HTMLElement): void => {
  for (const element of [within, ...within.querySelectorAll<HTMLElement>('*')]) {
    const role = element.matches('th[scope=row]') ? 'rowheader' : tableRoles[element.localName]
    if (role !== undefined) element.setAttribute('role', role)
  }
}

const tableRoles: Record<string, string> = {
  table: 'table',
  thead: 'rowgroup',
  tbody: 'rowgroup',
  tr: 'row',
  th: 'columnheader',
  td: 'cell',
}
