import { type Comparison, comparePoll, type Run } from './comparison.ts'
import { emptyTally, type Tally } from './tally.ts'

/** How the poll of a run ended. */
export type FinalVerdict = {
  /** From the last answer to the first reading of the scoreboard that was final; `null`: never, or not known. */
  afterMs: number | null
  /** Why there is no result, in a line. */
  problem: string | undefined
  /** The result beside what was accepted, per option and reason. */
  comparisons: Comparison[]
}

/**
 * Judges the end of a poll that was made for the run.
 *
 * @param closed its result, or why it has none
 * @param shown whether the scoreboard was seen final
 */
export const finalVerdict = (
  run: Run,
  closed: Tally | Error,
  shown: boolean,
  afterMs: number | null,
): FinalVerdict => {
  if (closed instanceof Error)
    return { afterMs, problem: `the poll has no result: ${closed.message}`, comparisons: [] }
  const comparisons = comparePoll(run, emptyTally(), closed, true)
    .filter(({ least, most, found }) => least !== 0 || most !== 0 || found !== 0)
    .map((each) => ({ ...each, what: `final ${each.what}` }))
  return { afterMs, problem: shown ? undefined : 'the scoreboard never showed the final result', comparisons }
}
