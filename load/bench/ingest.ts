import { complaint } from '../comparison.ts'
import { type Patience, reconcile, type Surroundings, takeBaseline, type Verdict } from '../reconcile.ts'
import type { Press } from './press.ts'
import { type RatioSummary, type Round, summariseRounds } from './ratio.ts'

export type IngestSettings = {
  /** Where votes go, on Placar and on the bare server, and the option they are for. */
  placar: string
  bare: string
  option: string
  connections: number
  warmUpSeconds: number
  seconds: number
  rounds: number
}

export type IngestReport = {
  rounds: Round[]
  summary: RatioSummary
  /** Votes that Placar answered 202, warm-up included, against what it counted. */
  accepted: number
  verdict: Verdict
  failures: string[]
}

/**
 * Presses single votes on Placar and on a bare server in turn, with the same client and settings. Before the bare
 * server's turn Placar has counted all it took, so that it rests meanwhile.
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
  const { option, connections, rounds: count } = settings
  const body = JSON.stringify({ option })
  const baseline = await takeBaseline(surroundings.reader)
  const rounds: Round[] = []
  let accepted = 0
  let unknown = 0

  const turns = async (seconds: number, what: string): Promise<Round & { verdict: Verdict }> => {
    const placar = await press.run(settings.placar, body, connections, seconds)
    progress(`${what}, Placar`, placar.perSecond)
    accepted += placar.answered
    unknown += placar.unknown
    const verdict = await reconcile(
      {
        accepted: { options: { [option]: accepted }, rejected: {} },
        unknown: { options: { [option]: unknown }, rejected: {} },
        lastAnswerAt: surroundings.now(),
      },
      baseline,
      surroundings,
      patience,
    )
    const bare = await press.run(settings.bare, body, connections, seconds)
    progress(`${what}, bare`, bare.perSecond)
    return { placar: placar.perSecond, bare: bare.perSecond, verdict }
  }

  let { verdict } = await turns(settings.warmUpSeconds, 'warm-up')
  for (let n = 1; n <= count; n++) {
    const turn = await turns(settings.seconds, `round ${n}`)
    rounds.push({ placar: turn.placar, bare: turn.bare })
    verdict = turn.verdict
  }
  const failures = verdict.comparisons.map(complaint).filter((line) => line !== undefined)
  return { rounds, summary: summariseRounds(rounds), accepted, verdict, failures }
}
