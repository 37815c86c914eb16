import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scoreboard, WindowView } from '../../dashboard/read-model.ts'
import type { Placar } from './placar.ts'

/**
 * Reads a poll's scoreboard again and again until it is told to stop, which rejects if a reading failed, with Placar's log.
 * A 503 is no reading: the page asks again too.
 */
export const watchScoreboard = (placar: Placar, poll: string): { stop(): Promise<Scoreboard[]> } => {
  const boards: Scoreboard[] = []
  let stopped = false
  const readOnce = async (): Promise<void> => {
    const response = await fetch(`${placar.url}/polls/${poll}/scoreboard`)
    if (response.status === 503) return
    if (!response.ok) throw new Error(`the scoreboard was answered ${response.status}`)
    boards.push((await response.json()) as Scoreboard)
  }
  const watching = (async () => {
    while (!stopped) {
      await readOnce().catch((error) => unread(placar, error))
      await new Promise((resume) => setTimeout(resume, 50))
    }
  })()
  watching.catch(() => {}) // told by stop
  return {
    stop: async () => {
      stopped = true
      await watching
      return boards
    },
  }
}

/** The folder goes with the test, so what its log says is told here. */
const unread = async ({ folder }: Placar, cause: unknown): Promise<never> => {
  const log = await readFile(join(folder, 'placar.log'), 'utf8').catch(() => '(no log)')
  throw new Error(`A reading failed: ${cause}\n${log.slice(-2000)}`, { cause })
}

/**
 * The most windows for which a scoreboard stood still while votes came in: of the windows that hold votes, those that
 * lie as a whole between two readings of one and the same count. It goes by the instance's own times (`asOf`, windows),
 * so neither a reader that is slow nor a machine that stops altogether makes a scoreboard stand still.
 */
export const mostWindowsStill = (
  boards: readonly Pick<Scoreboard, 'asOf' | 'counted'>[],
  windows: readonly Pick<WindowView, 'start' | 'end'>[],
): number => {
  const firstSeen = new Map<number, number>()
  const stood = boards.map(({ asOf, counted }) => {
    const since = firstSeen.get(counted) ?? asOf
    firstSeen.set(counted, since)
    return windows.filter(({ start, end }) => since <= start && end <= asOf).length
  })
  return Math.max(0, ...stood)
}
