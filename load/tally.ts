import type { RejectionReason, Rejections } from '../ingest/rejection.ts'

/** How many votes were, or must have been, counted for each option and rejected for each reason. */
export type Tally = { options: Record<string, number>; rejected: Rejections }

export const emptyTally = (): Tally => ({ options: {}, rejected: {} })

/** Adds `times` copies of `more` to `tally`, in place. */
export const addTally = (tally: Tally, more: Tally, times = 1): Tally => {
  if (times === 0) return tally
  for (const [option, votes] of Object.entries(more.options))
    tally.options[option] = (tally.options[option] ?? 0) + votes * times
  for (const [reason, votes] of rejections(more))
    tally.rejected[reason] = (tally.rejected[reason] ?? 0) + votes * times
  return tally
}

/** The votes of a tally, counted and rejected together. */
export const votesIn = ({ options, rejected }: Tally): number => sum(options) + sum(rejected)

export const rejections = ({ rejected }: Tally): [RejectionReason, number][] =>
  Object.entries(rejected) as [RejectionReason, number][]

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0)
