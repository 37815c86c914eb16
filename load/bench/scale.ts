import type { PollResult } from '../../ingest/poll.ts'
import { rejections, type Tally, votesIn } from '../tally.ts'
import type { VolleyResult } from '../volley/result.ts'
import { startVolley, type VolleySpec } from '../volley/volley.ts'
import type { TreeUsage } from './scale-usage.ts'

/** So much work for so large a stream. */
export type ScaleCell = { shards: number; votes: number }

export type ScaleResult = ScaleCell & {
  /** From the moment of the first vote to the last answer, and from there to the final result. */
  acceptedPerSecond: number
  acceptingSeconds: number
  toFinalSeconds: number
  /** Of the server's processes; `null` where they do not tell. */
  memory: { restBytes: number; peakBytes: number } | null
  cpuSeconds: number | null
  failures: string[]
}

/** The Placar that a cell is measured on, which nobody else votes on. */
export type ScaleSubject = {
  /** Closes the poll and waits for its result. */
  close(): Promise<PollResult>
  /** `undefined` where the machine does not tell. */
  usage(): TreeUsage | undefined
}

const defaultShards = 16
const defaultVotes = 1_000_000
const shardCounts = [4, defaultShards, 64, 256]
const voteCounts = [100_000, defaultVotes, 10_000_000]

/** The grid: either all of it or, of its two axes, one for each with the other at its default. Smallest first. */
export const scaleCells = (all: boolean): ScaleCell[] =>
  shardCounts
    .flatMap((shards) => voteCounts.map((votes) => ({ shards, votes })))
    .filter(({ shards, votes }) => all || shards === defaultShards || votes === defaultVotes)

/** Cells of a line through the grid, on which one thing grows. */
export const shardLine = <T extends ScaleCell>(cells: readonly T[]): T[] =>
  cells.filter(({ votes }) => votes === defaultVotes).sort((a, b) => a.shards - b.shards)

export const voteLine = <T extends ScaleCell>(cells: readonly T[]): T[] =>
  cells.filter(({ shards }) => shards === defaultShards).sort((a, b) => a.votes - b.votes)

/** Memory is looked at this often, so a peak of less may be missed. */
const lookEveryMs = 100

/** Faster than any server takes them, so that each connection sends its next batch as soon as the last is answered. */
const asFastAsAccepted = 1_000_000_000

/**
 * Fills a new Placar with votes as fast as it accepts them, closes the poll at the last answer, and compares the result.
 *
 * @param now a steady clock that tells epoch ms, as the volley's
 * @param signal ends it early: the result is then worth nothing
 */
export const measureCell = async (
  cell: ScaleCell,
  spec: Omit<VolleySpec, 'rate' | 'seconds'>,
  { close, usage }: ScaleSubject,
  now: () => number,
  progress: (accepted: number) => void,
  signal: AbortSignal,
): Promise<ScaleResult> => {
  const rest = usage()
  let peakBytes = rest?.rssBytes ?? 0
  const look = (): void => {
    peakBytes = Math.max(peakBytes, usage()?.rssBytes ?? 0)
  }
  const looking = setInterval(look, lookEveryMs)
  const volley = startVolley({ ...spec, rate: asFastAsAccepted, seconds: cell.votes / asFastAsAccepted })
  const telling = setInterval(() => progress(volley.progress().accepted * spec.mix.batch), 1_000)
  signal.addEventListener('abort', volley.stop, { once: true })
  try {
    const taken = await volley.result
    clearInterval(telling)
    const result = await close()
    const finalAt = now()
    look()
    const end = usage()
    return {
      ...cell,
      acceptedPerSecond: taken.acceptedPerSecond,
      acceptingSeconds: taken.acceptedPerSecond === 0 ? 0 : taken.acceptedVotes / taken.acceptedPerSecond,
      toFinalSeconds: (finalAt - (taken.lastAnswerAt ?? finalAt)) / 1_000,
      memory: rest === undefined ? null : { restBytes: rest.rssBytes, peakBytes },
      cpuSeconds: rest === undefined || end === undefined ? null : end.cpuSeconds - rest.cpuSeconds,
      failures: scaleFailures(cell, taken, result),
    }
  } finally {
    clearInterval(looking)
    clearInterval(telling)
    signal.removeEventListener('abort', volley.stop)
  }
}

/** What is wrong with the count, a line each: every vote must be accepted, and counted for its option. */
export const scaleFailures = (
  { shards, votes }: ScaleCell,
  volley: Pick<VolleyResult, 'accepted' | 'acceptedVotes'>,
  result: PollResult,
): string[] => {
  const found: Tally = { options: result.counts, rejected: result.rejected }
  const failures: string[] = []
  if (volley.acceptedVotes !== votes) failures.push(`${volley.acceptedVotes} of ${votes} votes were accepted`)
  for (const option of new Set([...Object.keys(volley.accepted.options), ...Object.keys(result.counts)])) {
    const expected = volley.accepted.options[option] ?? 0
    const counted = result.counts[option] ?? 0
    if (counted !== expected) failures.push(`option ${option}: expected ${expected}, counted ${counted}`)
  }
  for (const [reason, rejected] of rejections(found))
    if (rejected > 0) failures.push(`${rejected} votes were rejected as ${reason}`)
  if (failures.length > 0 && votesIn(found) !== volley.acceptedVotes)
    failures.push(`${volley.acceptedVotes} accepted, ${votesIn(found)} in the result`)
  if (result.unproved.length > 0) failures.push(`the result is not proved: ${result.unproved.join(', ')}`)
  return failures.map((failure) => `${shards} shards, ${votes} votes: ${failure}`)
}
