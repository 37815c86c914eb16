import type { Beside } from '../run.ts'
import { slowClient } from '../scenarios/slow-client.mjs'
import type { Address } from '../volley/connection.ts'
import { addedUp } from '../volley/outcome.ts'
import type { VolleyResult } from '../volley/result.ts'
import { dueBy, type Schedule } from '../volley/schedule.ts'

/** More sockets that say nothing are not held open at once; what is due beyond them is not opened, and told. */
export const mostSlowClients = 500
const tickMs = 50

/**
 * Clients that begin a vote and never end it, beside a volley until that has ended; those under way are then waited for.
 *
 * @param now a monotonic clock in milliseconds
 */
export const slowClientsBeside =
  (schedule: Schedule, { host, port, basePath }: Address, poll: string, now: () => number): Beside =>
  (ended) =>
    new Promise((resolve) => {
      const results: string[] = []
      const path = `${basePath}/polls/${poll}/votes`
      const startedAt = now()
      let begun = 0
      let underWay = 0
      let unopened = 0
      const end = (): void => {
        if (ended.aborted && underWay === 0) resolve((volley) => withSlowClients(volley, results, unopened))
      }
      const open = async (): Promise<void> => {
        underWay += 1
        const failed = (error: NodeJS.ErrnoException): string => error.code ?? error.name
        results.push(await slowClient({ host, port, path }).catch(failed))
        underWay -= 1
        end()
      }
      const timer = setInterval(() => {
        for (const due = dueBy(schedule, now() - startedAt); begun < due; begun++)
          if (underWay < mostSlowClients) void open()
          else unopened += 1
      }, tickMs)
      ended.addEventListener('abort', () => {
        clearInterval(timer)
        end()
      })
    })

/** Each slow client is a vote that failed; one that the server never cut off is an answer that it may not have. */
const withSlowClients = (
  volley: VolleyResult,
  results: readonly string[],
  unopened: number,
): VolleyResult => {
  const counts = addedUp(results.map((result) => ({ [result]: 1 })))
  const { sent, throttled, failed } = volley.votes
  const unexpected = volley.requests.unexpected + (counts['never refused'] ?? 0)
  return {
    ...volley,
    requests: { ...volley.requests, unexpected },
    votes: { sent: sent + results.length, throttled, failed: failed + results.length },
    answers: [
      ...volley.answers,
      ...Object.entries(counts).map(([result, count]) => ({ name: 'slow client', result, count })),
      ...(unopened === 0 ? [] : [{ name: 'slow client', result: 'not opened', count: unopened }]),
    ],
  }
}
