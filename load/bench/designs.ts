import { sum } from '../../aggregators/tally.ts'
import { median } from './ratio.ts'
import { rotated } from './rotation.ts'

/** The designs, in the order in which the first round measures them. */
export const designs = ['write per vote', 'ADD per batch', 'Placar'] as const

export type Design = (typeof designs)[number]

/** Votes by option. */
export type Counts = Readonly<Record<string, number>>

/** A backlog counted by one design. */
export type DesignRun = {
  design: Design
  /** Votes in the backlog, one a record, by option. */
  cast: Counts
  /** What the design says of it, when everything is read and every window has ended. */
  counted: Counts
  invocations: number
  /** Batches that were delivered again although the function had succeeded, or that failed behind its writes. */
  faults: number
  /** Requests to the table that write. */
  writes: number
  /** From the first read of the backlog until the count stood in the table. */
  seconds: number
}

/** How often each design is measured. One write per vote takes most of the time, and has a number of its own. */
export type DesignRounds = { perVote: number; others: number }

/** The designs of every round, in the order in which they take their turns; who begins goes round. */
export const designRounds = ({ perVote, others }: DesignRounds): Design[][] =>
  Array.from({ length: Math.max(perVote, others) }, (_, round) =>
    rotated(designs, round).filter((design) => round < (design === 'write per vote' ? perVote : others)),
  )

/** The votes of a backlog, shared out evenly among ten options. */
export const castVotes = (records: number): Counts => {
  const each = Math.floor(records / optionIds.length)
  return Object.fromEntries(
    optionIds.map((option, at) => [option, each + (at < records % optionIds.length ? 1 : 0)]),
  )
}

export const optionIds = Array.from({ length: 10 }, (_, at) => `option-${at}`)

/** Votes too many or too few, over all options; 0: exact. */
export const difference = ({ cast, counted }: Pick<DesignRun, 'cast' | 'counted'>): number =>
  sum(
    Object.fromEntries(
      [...new Set([...Object.keys(cast), ...Object.keys(counted)])].map((option) => [
        option,
        Math.abs((counted[option] ?? 0) - (cast[option] ?? 0)),
      ]),
    ),
  )

/** By how many times Placar wrote less often than once per vote, for the same backlog; medians of the rounds. */
export const timesFewer = (runs: readonly DesignRun[]): number => {
  const writesOf = (wanted: Design): number =>
    median(runs.filter(({ design }) => design === wanted).map(({ writes }) => writes))
  return writesOf('write per vote') / writesOf('Placar')
}

/** What is asked for and not reached. */
export const designsShortfalls = (reliable: readonly DesignRun[], minTimesFewer: number): string[] => {
  const fewer = timesFewer(reliable)
  return fewer < minTimesFewer
    ? [`${fewer.toFixed(1)} times fewer writes than one per vote, at least ${minTimesFewer} required`]
    : []
}

/** What is wrong: any difference of Placar's, and one of anybody's where nothing was delivered twice. */
export const wrongCounts = (runs: readonly DesignRun[]): string[] =>
  runs
    .filter((run) => difference(run) !== 0 && (run.design === 'Placar' || run.faults === 0))
    .map(
      (run) =>
        `${run.design}, ${run.faults} faults: ${sum(run.counted)} counted of ${sum(run.cast)} cast, ${difference(run)} wrong`,
    )
