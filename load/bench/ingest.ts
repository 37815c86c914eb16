import { complaint } from '../comparison.ts'
import { type Patience, reconcile, type Surroundings, takeBaseline, type Verdict } from '../reconcile.ts'
import type { Press } from './press.ts'
import { rotated } from './rotation.ts'

/** Another server that takes votes. */
export type IngestPeer = {
  name: string
  url: string
  /** The votes it has counted, where it counts. */
  counted?(): Promise<number>
}

export type IngestSettings = {
  /** Where votes go, and the option they are for. */
  placar: string
  option: string
  peers: readonly IngestPeer[]
  connections: number
  warmUpSeconds: number
  seconds: number
  rounds: number
}

/** What one server did. */
export type IngestTurns = {
  /** Votes a second, round by round, without the warm-up. */
  perSecond: number[]
  /** Votes that were answered 202, warm-up included. */
  answered: number
  /** Votes under way when a turn ended: the client has not seen their answers. */
  unknown: number
}

export type IngestReport = {
  placar: IngestTurns & { verdict: Verdict }
  /** `counted`: `null` of a server that does not count. */
  peers: (IngestTurns & { name: string; counted: number | null })[]
  failures: string[]
}

/**
 * Presses single votes on Placar and its peers in turn, with the same client and settings; who begins goes round. After
 * its own turn Placar counts all it took, so that it rests meanwhile. In the end every count is compared with the answers.
 *
 * @param progress told of each turn's votes per second
 */
export const benchIngest = async (
  settings: IngestSettings,
  press: Press,
  surroundings: Surroundings,
  patience: Patience,
  progress: (what: string, perSecond: number) => void,
): Promise<IngestReport> => {
  const { option } = settings
  const body = JSON.stringify({ option })
  const baseline = await takeBaseline(surroundings.reader)
  const placar = noTurns()
  const peers = settings.peers.map((peer) => ({ ...peer, turns: noTurns() }))

  const turn = async (turns: IngestTurns, name: string, url: string, round: number): Promise<void> => {
    const seconds = round === 0 ? settings.warmUpSeconds : settings.seconds
    const { answered, unknown, perSecond } = await press.run(url, body, settings.connections, seconds)
    progress(`${round === 0 ? 'warm-up' : `round ${round}`}, ${name}`, perSecond)
    turns.answered += answered
    turns.unknown += unknown
    if (round > 0) turns.perSecond.push(perSecond)
  }
  const countPlacar = (): Promise<Verdict> =>
    reconcile(
      {
        accepted: { options: { [option]: placar.answered }, rejected: {} },
        unknown: { options: { [option]: placar.unknown }, rejected: {} },
        lastAnswerAt: surroundings.now(),
      },
      baseline,
      surroundings,
      patience,
    )
  const placarTurn = async (n: number): Promise<void> => {
    await turn(placar, 'Placar', settings.placar, n)
    await countPlacar()
  }
  const all = [
    placarTurn,
    ...peers.map(
      ({ turns, name, url }) =>
        (n: number) =>
          turn(turns, name, url, n),
    ),
  ]
  for (let n = 0; n <= settings.rounds; n++) for (const takeTurn of rotated(all, n)) await takeTurn(n)

  // What was under way in the last turn comes to an end.
  await surroundings.sleep(patience.settleMs)
  const verdict = await countPlacar()
  const counted = await Promise.all(
    peers.map(async ({ turns, name, counted }) => ({ name, ...turns, counted: (await counted?.()) ?? null })),
  )
  const complaints = [...verdict.comparisons.map(complaint), ...counted.map(miscount)]
  return {
    placar: { ...placar, verdict },
    peers: counted,
    failures: complaints.filter((line) => line !== undefined),
  }
}

const noTurns = (): IngestTurns => ({ perSecond: [], answered: 0, unknown: 0 })

/** What is wrong with the count of a peer, if anything is. */
const miscount = ({ name, answered, unknown, counted }: IngestReport['peers'][number]) =>
  counted === null || (counted >= answered && counted <= answered + unknown)
    ? undefined
    : `${name} answered ${answered} votes, with ${unknown} more under way, and counted ${counted}`
