import type { Progress } from '../../../load/volley/counters.ts'
import type { VolleyResult } from '../../../load/volley/result.ts'

const everyMs = 1_000

/**
 * Prints a line a second while a volley lasts.
 *
 * @returns ends it
 */
export const showVolley = (progress: () => Progress, write: (line: string) => void): (() => void) => {
  const startedAt = performance.now()
  let before = progress()
  const timer = setInterval(() => {
    const now = progress()
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    write(`${String(seconds).padStart(4)} s  ${volleyLine(now, now.answered - before.answered)}\n`)
    before = now
  }, everyMs)
  return () => clearInterval(timer)
}

/** Requests so far; `perSecond` were answered in the last second. */
export const volleyLine = (now: Progress, perSecond: number): string => {
  const parts: [string, number][] = [
    ['sent', now.sent],
    ['late', now.late],
    ['answered', now.answered],
    ['per second', perSecond],
    ['202', now.accepted],
    ['429', now.throttled],
    ['other', now.answered - now.accepted - now.throttled],
    ['unknown', now.unknown],
  ]
  return parts.map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`).join('  ')
}

/** Prints, at most once a second, how far the count is. */
export const countProgress = (
  write: (line: string) => void,
  now: () => number,
): ((counted: number, expected: number) => void) => {
  let nextAt = now() + everyMs
  return (counted, expected) => {
    if (now() < nextAt) return
    nextAt = now() + everyMs
    write(`       counted ${counted.toLocaleString('en-US')} of ${expected.toLocaleString('en-US')}\n`)
  }
}

/** What to say when the last answer has come. */
export const sentLine = ({ acceptedVotes }: VolleyResult): string =>
  `${acceptedVotes.toLocaleString('en-US')} votes accepted; comparing with the count …\n`
