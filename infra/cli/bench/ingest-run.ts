import { setTimeout as sleep } from 'node:timers/promises'
import { benchIngest, type IngestReport, type IngestSettings } from '../../../load/bench/ingest.ts'
import type { Press } from '../../../load/bench/press.ts'
import { countReader } from '../../../load/count.ts'
import { patience } from '../../../load/reconcile.ts'
import { say } from '../load/progress.ts'
import { startPeers } from './ingest-peers.ts'
import { sampleAnswer } from './ingest-sample.ts'
import { demoPoll } from './own-placar.ts'
import type { ServerGroup } from './server-group.ts'

/** An option of the poll `demo`. */
const option = 'ana'

type Turns = Omit<IngestSettings, 'placar' | 'peers' | 'option'>

/** Starts the peers of the Placar at `url` and measures them all. */
export const voteInTurns = async (
  servers: ServerGroup,
  url: string,
  turns: Turns,
  withRedis: boolean,
  press: Press,
  signal: AbortSignal,
): Promise<IngestReport> => {
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal })
  const reader = countReader(url, demoPoll)
  const voted = async (): Promise<number> => (await reader.count()).system.votes
  const answer = await sampleAnswer(url, option, voted, pause)
  const vote = { path: `/polls/${demoPoll}/votes`, poll: demoPoll, option }
  const peers = await startPeers(servers, vote, answer, withRedis)
  return await benchIngest(
    { ...turns, option, placar: url + vote.path, peers },
    press,
    { reader, now: Date.now, sleep: pause },
    patience,
    (what, perSecond) => say(`${what.padEnd(26)} ${Math.round(perSecond)} votes/s\n`),
  )
}
