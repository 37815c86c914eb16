import type { RunEvents } from '../../../load/run.ts'
import type { Progress } from '../../../load/volley/counters.ts'
import type { VolleyPlan } from '../../../load/volley/play.ts'
import { scheduledPerSecond } from '../../../load/volley/result.ts'
import { onInterrupt } from '../interruption.ts'

const everyMs = 1_000

/** Progress goes to stderr, so that the result alone is on stdout. */
export const say = (text: string): void => {
  process.stderr.write(text)
}

/** Prints a line a second while a volley lasts. Ctrl-C ends it early; another one, a second later, ends the command. */
export const volleyEvents = (opening: string, write: (text: string) => void): RunEvents => {
  let finish = (): void => {}
  return {
    started: (stop, progress) => {
      write(`${opening}\n`)
      let isInterrupted = false
      const stopListening = onInterrupt(() => {
        isInterrupted = true
        stop()
      })
      const startedAt = performance.now()
      let before = progress()
      const timer = setInterval(() => {
        const now = progress()
        write(volleyLine((performance.now() - startedAt) / 1_000, before, now))
        before = now
      }, everyMs)
      finish = () => {
        clearInterval(timer)
        // The volley may have ended before npm has handed the Ctrl-C on.
        if (!isInterrupted) stopListening()
      }
    },
    ended: () => finish(),
    sent: ({ acceptedVotes }) =>
      write(`${grouped(acceptedVotes)} votes accepted; comparing with the count.\n`),
  }
}

/** The same for a warm-up. */
export const warmUpEvents = (
  { kinds, schedule }: Pick<VolleyPlan, 'kinds' | 'schedule'>,
  write: (text: string) => void,
): RunEvents => {
  const seconds = Math.round(schedule.lengthMs / 1_000)
  const rate = grouped(Math.round(scheduledPerSecond(kinds, schedule)))
  const opening = `Warm-up: ${seconds} s at ${rate}/s; its votes are counted too, and are in no figure below.`
  return volleyEvents(opening, write)
}

/** Requests so far, and how many were answered since the line before. */
export const volleyLine = (seconds: number, before: Progress, now: Progress): string => {
  const counts: [string, number][] = [
    ['sent', now.sent],
    ['late', now.late],
    ['answered', now.answered],
    ['last second', now.answered - before.answered],
    ['202', now.accepted],
    ['429', now.throttled],
    // The counters are read while they move, so this may be one short for a moment.
    ['other', Math.max(0, now.answered - now.accepted - now.throttled)],
    ['unknown', now.unknown],
  ]
  const cells = counts.map(([name, count]) => `${name} ${grouped(count)}`)
  return `${seconds.toFixed(0).padStart(5)} s  ${cells.join('  ')}\n`
}

/** Prints, once a second, how far the count is. */
export const countProgress = (
  write: (text: string) => void,
  now: () => number,
): ((counted: number, expected: number) => void) => {
  let saidAt: number | undefined
  return (counted, expected) => {
    saidAt ??= now()
    if (now() - saidAt < everyMs) return
    saidAt = now()
    write(`         counted ${grouped(counted)} of ${grouped(expected)}\n`)
  }
}

const grouped = (count: number): string => count.toLocaleString('en-US')
