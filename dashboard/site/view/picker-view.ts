import { type ListedPoll, newestFirst } from '../model/poll-choice.ts'
import { statusText } from '../model/schedule.ts'
import { make } from './element.ts'

/** The list of polls to choose from; rebuilt only when it changed, so that an open list stays open. */
export const pickerView = (
  select: HTMLSelectElement,
  choose: (poll: string) => void,
): { show: (polls: readonly ListedPoll[], chosen: string | undefined) => void } => {
  select.addEventListener('change', () => choose(select.value))
  let shown = ''
  return {
    show: (polls, chosen) => {
      const entries = newestFirst(polls).map(({ id, title, status }) => ({
        id,
        text: `${title} (${statusText[status].toLowerCase()})`,
      }))
      if (!entries.some(({ id }) => id === chosen)) entries.unshift({ id: '', text: 'Choose a poll' })
      const said = JSON.stringify(entries)
      if (shown !== said) {
        shown = said
        select.replaceChildren(...entries.map(({ id, text }) => option(id, text)))
      }
      select.value = chosen ?? ''
      if (select.selectedIndex === -1) select.value = ''
      select.disabled = polls.length === 0
    },
  }
}

const option = (id: string, text: string): HTMLOptionElement => {
  const element = make('option', '', text)
  element.value = id
  return element
}
