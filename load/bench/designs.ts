import { sum } from '../../aggregators/tally.ts'

/** The designs, in the order in which they are measured. */
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

/** By how many times one design wrote less often than another did for the same backlog. */
export const timesFewer = (ours: DesignRun, theirs: DesignRun): number => theirs.writes / ours.writes

/** What is wrong: any difference of Placar's, and one of anybody's where nothing was delivered twice. */
export const wrongCounts = (runs: readonly DesignRun[]): string[] =>
  runs
    .filter((run) => difference(run) !== 0 && (run.design === 'Placar' || run.faults === 0))
    .map(
      (run) =>
        `${run.design}, ${run.faults} faults: ${sum(run.counted)} counted of ${sum(run.cast)} cast, ${difference(run)} wrong`,
    )
