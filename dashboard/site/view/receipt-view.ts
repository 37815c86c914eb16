import type { VoteAnswer } from '../model/vote-answer.ts'
import { make } from './element.ts'

/** What became of the last vote cast from this page. */
export const showReceipt = (place: HTMLElement, answer: VoteAnswer | undefined): void => {
  place.replaceChildren()
  if (answer === undefined) return
  place.dataset.accepted = String(answer.accepted)
  place.append(
    make('p', 'receipt-text', answer.text),
    ...(answer.receipt === undefined ? [] : [receiptLine(answer.receipt)]),
  )
}

const receiptLine = (receipt: string): HTMLElement => {
  const line = make('p', 'receipt-id', 'Receipt ')
  line.append(make('code', '', receipt))
  return line
}
