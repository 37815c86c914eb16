import { readPart, type SealedPart } from '../part.ts'
import type { Tally } from '../tally.ts'

/** One number of the time series: the votes of one part for one option, or that it rejected for one reason. */
export type WindowRecord = {
  shardId: string
  /** The part's number in its shard. */
  part: number
  /** `noPoll` for votes that no poll's sums hold. */
  poll: string
  kind: 'option' | 'rejection'
  /** An option's id, or a rejection's reason. */
  name: string
  votes: number
  /** Start of the part's window, epoch ms. */
  start: number
  windowMs: number
}

/** Stands for the poll where there is none; no poll can have this id. */
export const noPoll = '(none)'

/** What a part says, number by number; absolute, so that a repeat says the same. */
export const windowRecords = (sealed: SealedPart): WindowRecord[] => {
  const { shardId, part, window, polls, rejected } = readPart(sealed)
  const shared = { shardId, part, start: window.start, windowMs: window.end - window.start }
  const numbers = (poll: string, kind: WindowRecord['kind'], counts: Partial<Record<string, number>>) =>
    Object.entries(counts).map(([name, votes = 0]) => ({ ...shared, poll, kind, name, votes }))
  const ofPoll = ([poll, tally]: [string, Tally]) => [
    ...numbers(poll, 'option', tally.counts),
    ...numbers(poll, 'rejection', tally.rejected),
  ]
  return [...Object.entries(polls).flatMap(ofPoll), ...numbers(noPoll, 'rejection', rejected)]
}
