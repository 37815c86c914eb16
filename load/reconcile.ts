import { bucketPercentile, bucketsBetween } from './accepted-to-counted.ts'
import { type Comparison, compare, type Run } from './comparison.ts'
import type { Count, CountReader } from './count.ts'
import { type FinalVerdict, finalVerdict } from './final.ts'
import { addTally, emptyTally, type Tally, votesIn } from './tally.ts'

export type Verdict = {
  comparisons: Comparison[]
  /** From the last answer to the first reading of scoreboard and `/stats` that held every accepted vote; `null`: never, or not known. */
  caughtUpMs: number | null
  /** Votes that others cast in the meantime; if any, `/stats` can only be held to the least. */
  otherVotes: number
  acceptedToCounted: { count: number; p50: number | null; p99: number | null }
  /** `null`: the poll was not closed. */
  final: FinalVerdict | null
}

/** Counts taken before the run. */
export type Baseline = { count: Count; otherVotes: number }

/** Votes, by what they come to. */
type Votes = Pick<Run, 'accepted' | 'unknown'>

/** The outside world of a reconciliation. */
export type Surroundings = {
  reader: CountReader
  now(): number
  sleep(ms: number): Promise<void>
  /** Told of each reading while the count has not caught up. */
  progress?(counted: number, expected: number): void
  /** Closes the poll, which had no votes before the run but `earlier`; settles with its final result. Left out, it stays open. */
  close?(): Promise<Tally>
  /** What was voted in the poll before the run, by the same generator. */
  earlier?: Votes
}

const pollEveryMs = 100

export type Patience = {
  /** How long to wait at most for the count to catch up, and then to stand still. */
  catchUpMs: number
  /** So long must the count stand still: a vote counted twice may show a moment later. Reads are cached for 1 s. */
  settleMs: number
}

export const patience: Patience = { catchUpMs: 30_000, settleMs: 2_000 }

export const takeBaseline = async (reader: CountReader): Promise<Baseline> => ({
  otherVotes: await reader.otherVotes(),
  count: await reader.count(),
})

/**
 * Closes the poll if it is to be closed, waits until every vote answered 202 is counted or rejected and the count stands
 * still, then compares it, per option and per reason, with what the generator knows. What is missing when patience ends is a difference.
 *
 * @throws LoadError when the count still cannot be read when patience ends
 */
export const reconcile = async (
  run: Run,
  baseline: Baseline,
  { reader, now, sleep, progress, close, earlier }: Surroundings,
  { catchUpMs, settleMs }: Patience,
): Promise<Verdict> => {
  const before = baseline.count
  const startedAt = now()
  let cannotClose = false
  const closing = close?.().catch((error: unknown) => {
    cannotClose = true
    return error as Error
  })
  let finalAt: number | null = null
  let after = before
  let stillSince = startedAt
  let caughtUpAt: number | null = null
  for (;;) {
    // A read that fails is made again: after a crash, Placar may still be starting.
    const read = await reader.count().catch((error: unknown) => ({ error }))
    const at = now()
    const patienceEnds = at - (caughtUpAt ?? startedAt) >= catchUpMs
    if ('error' in read) {
      if (patienceEnds) throw read.error
    } else {
      if (votesSeen(read) !== votesSeen(after)) stillSince = at
      after = read
      if (caughtUpAt === null && holdsAll(run, before, after)) caughtUpAt = at
      if (read.status === 'final') finalAt ??= at
      const settled = caughtUpAt !== null && (closing === undefined || finalAt !== null || cannotClose)
      if (patienceEnds || (settled && at - stillSince >= settleMs)) break
      if (caughtUpAt === null) progress?.(after.poll.votes - before.poll.votes, votesIn(run.accepted))
    }
    await sleep(pollEveryMs)
  }
  const otherVotes = (await reader.otherVotes()) - baseline.otherVotes
  const comparisons = compare(run, before, after, otherVotes > 0)
  const sinceLastAnswer = (at: number | null): number | null =>
    at === null || run.lastAnswerAt === null ? null : at - run.lastAnswerAt
  const final =
    closing === undefined
      ? null
      : finalVerdict(withEarlier(run, earlier), await closing, finalAt !== null, sinceLastAnswer(finalAt))
  const latencies = bucketsBetween(latencyBuckets(before), latencyBuckets(after))
  return {
    comparisons,
    caughtUpMs: sinceLastAnswer(caughtUpAt),
    otherVotes,
    acceptedToCounted: {
      count: latencies.reduce((sum, { count }) => sum + count, 0),
      p50: bucketPercentile(latencies, 50),
      p99: bucketPercentile(latencies, 99),
    },
    final,
  }
}

const withEarlier = (run: Run, earlier: Votes = { accepted: emptyTally(), unknown: emptyTally() }): Run => {
  const both = (of: (votes: Votes) => Tally): Tally => addTally(addTally(emptyTally(), of(earlier)), of(run))
  return { ...run, accepted: both(({ accepted }) => accepted), unknown: both(({ unknown }) => unknown) }
}

const holdsAll = (run: Run, before: Count, after: Count): boolean =>
  compare(run, before, after, true).every(({ difference }) => difference >= 0)

const votesSeen = ({ poll, system }: Count): number => poll.votes + (system.rejected.unknown_poll ?? 0)

const latencyBuckets = ({ stats }: Count) => stats.latency.acceptedToCounted.buckets
