import type { VoteAnswer } from '../model/vote-answer.ts'
import { make } from './element.ts'

/** What became of the last vote cast from this page. */
export const showReceipt = (place: HTMLElement, answer: VoteAnswer | undefined): void => {
  place.replaceChildren()
  if (answer === undefined) return
  place.dataset.accepted = String(answer.accepted)
  place.append(
    make('p', 'receipt-text', answer.text),
    ...(answer.receipt === undefined ? [] : [make('p', 'receipt-id', `Receipt ${answer.receipt}`)]),
  )
}
