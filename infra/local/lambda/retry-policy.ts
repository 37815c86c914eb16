import type { MappingSettings } from './mapping-settings.ts'

/** A batch, or part of one, and what became of it so far. It is delivered as it is, whatever has arrived since. */
export type TriedBatch = {
  /** Records in it. */
  count: number
  /** Failures that count against `MaximumRetryAttempts`. */
  failures: number
  /** Invocations that its records were in, counted or not. */
  invocations: number
  /** How the last one failed; absent before the first. */
  failure?: Failure
}

/** The invocation failed as a whole, or the function reported records from one on. */
export type Failure = 'error' | 'reported'

export const untried = (count: number): TriedBatch => ({ count, failures: 0, invocations: 0 })

type RetrySettings = Pick<MappingSettings, 'MaximumRetryAttempts' | 'BisectBatchOnFunctionError'>

/**
 * What follows a failure: what is tried again, in this order, or what is discarded.
 *
 * Everything behind the processed records is tried again. With bisecting on, a batch that failed as a whole is cut in
 * two, down to single records, and one with a reported record is cut there; neither uses up a retry. (How the halves'
 * retries are counted AWS does not say: ours go on from those of the whole. A record reported at the very start cuts
 * nothing and counts, or a function that never gets on would be asked for ever.)
 *
 * @param processed records, from the first, that were processed all the same
 */
export const afterFailure = (
  batch: TriedBatch,
  failure: Failure,
  processed: number,
  { MaximumRetryAttempts: limit, BisectBatchOnFunctionError: bisects }: RetrySettings,
): { again: TriedBatch[] } | { discarded: TriedBatch } => {
  const count = batch.count - processed
  const rest = { ...batch, count, invocations: batch.invocations + 1, failure }
  if (bisects && processed > 0) return { again: [rest] }
  if (bisects && failure === 'error' && count > 1) {
    const half = Math.ceil(count / 2)
    return {
      again: [
        { ...rest, count: half },
        { ...rest, count: count - half },
      ],
    }
  }
  const counted = { ...rest, failures: batch.failures + 1 }
  return limit >= 0 && counted.failures > limit ? { discarded: counted } : { again: [counted] }
}

/** What is still due once the first `count` of the records have been dealt with. */
export const dueBehind = ([first, ...others]: readonly TriedBatch[], count: number): TriedBatch[] =>
  first !== undefined && first.count > count ? [{ ...first, count: first.count - count }, ...others] : others
