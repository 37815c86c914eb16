import { setTimeout as sleep } from 'node:timers/promises'
import { readInTurns, type WatchersRounds, type WatchersSettings } from '../../../load/bench/watchers.ts'
import type { ReadPress } from '../../../load/bench/watchers-press.ts'
import type { Meanwhile } from '../../../load/bench/watchers-report.ts'
import { countReader } from '../../../load/count.ts'
import { patience, reconcile, takeBaseline } from '../../../load/reconcile.ts'
import { startVolley, type VolleySpec } from '../../../load/volley/volley.ts'
import { unlessAborted } from '../interruption.ts'
import { say } from '../load/progress.ts'
import { demoOptions, demoPoll, type OwnPlacar } from './own-placar.ts'
import type { ServerGroup } from './server-group.ts'
import { startBareScoreboard } from './watchers-peer.ts'

type Turns = Omit<WatchersSettings, 'placar' | 'bare'>

/**
 * Reads in turns, with votes coming in from before the first turn until after the last one; then waits for their count.
 *
 * @param rate votes per second
 */
export const readWhileVoting = async (
  servers: ServerGroup,
  { url, address }: OwnPlacar,
  turns: Turns,
  rate: number,
  press: ReadPress,
  signal: AbortSignal,
): Promise<{ reads: WatchersRounds[]; votes: Meanwhile }> => {
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal })
  const reader = countReader(url, demoPoll)
  const placar = `${url}/polls/${demoPoll}/scoreboard`
  const baseline = await takeBaseline(reader)
  const volley = startVolley({ ...volleyOf(turns, rate), address })
  const readAll = async (): Promise<WatchersRounds[]> => {
    // The scoreboard to compare with has votes on it, as it does while it is read.
    while ((await reader.count()).poll.votes === 0) await pause(100)
    const bare = await startBareScoreboard(servers, placar)
    return await readInTurns({ ...turns, placar, bare }, press, (what, perSecond) =>
      say(`${what.padEnd(28)} ${Math.round(perSecond)} reads/s\n`),
    )
  }
  const [reads, result] = await Promise.all([
    unlessAborted(signal, readAll()).finally(volley.stop),
    volley.result,
  ])
  say(`${result.acceptedVotes.toLocaleString('en-US')} votes accepted; comparing with the count.\n`)
  const verdict = await reconcile(result, baseline, { reader, now: Date.now, sleep: pause }, patience)
  return { reads, votes: { rate, volley: result, verdict } }
}

/** Votes at a fixed rate that end only when they are told to. */
const volleyOf = ({ rounds, seconds, warmUpSeconds }: Turns, rate: number): Omit<VolleySpec, 'address'> => ({
  mix: { batch: 1, poll: demoPoll, options: demoOptions, unknownOptionShare: 0, unknownPollShare: 0 },
  rate,
  seconds: startSeconds + 2 * 4 * (warmUpSeconds + rounds * seconds),
  connections: 16,
  pipeline: 1,
  threads: 1,
  seed: 1,
  drainMs: patience.catchUpMs,
})

/** More than it takes until the first turn. */
const startSeconds = 120
