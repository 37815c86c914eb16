import { rotated } from './rotation.ts'
import type { ReadKind, ReadPress, Reads } from './watchers-press.ts'

export type WatchersSettings = {
  /** The scoreboard, on Placar and on a bare server. */
  placar: string
  bare: string
  connections: number
  warmUpSeconds: number
  seconds: number
  rounds: number
}

/** The rounds of one kind of read. */
export type WatchersRounds = { kind: ReadKind; placar: Reads[]; bare: Reads[] }

const kinds: readonly ReadKind[] = ['full', 'unchanged']

/**
 * Has the two servers take turns at both kinds of read, after a warm-up of each; who begins goes round.
 *
 * @param progress told of each turn's reads per second
 */
export const readInTurns = async (
  settings: WatchersSettings,
  press: ReadPress,
  progress: (what: string, perSecond: number) => void,
): Promise<WatchersRounds[]> => {
  const { connections } = settings
  const all = kinds.map((kind): WatchersRounds => ({ kind, placar: [], bare: [] }))
  for (let n = 0; n <= settings.rounds; n++) {
    const [round, seconds] = n === 0 ? ['warm-up', settings.warmUpSeconds] : [`round ${n}`, settings.seconds]
    for (const { kind, ...rounds } of all)
      for (const side of rotated(['placar', 'bare'] as const, n)) {
        const reads = await press.read(settings[side], kind, connections, seconds)
        progress(`${round}, ${side}, ${kind}`, reads.perSecond)
        if (n > 0) rounds[side].push(reads)
      }
  }
  return all
}

/**
 * Answers that were not what the reader asked for: without an ETag a scoreboard comes in full; with the one seen last
 * it is mostly unchanged, since it changes once a second at most.
 */
export const readComplaints = (all: readonly WatchersRounds[]): string[] =>
  all.flatMap(({ kind, placar, bare }) =>
    [
      { name: 'Placar', reads: placar },
      { name: 'the bare server', reads: bare },
    ].flatMap(({ name, reads }) => {
      const answers = reads.reduce((sum, { full, unchanged }) => sum + full + unchanged, 0)
      const wanted = reads.reduce((sum, read) => sum + read[kind], 0)
      const least = kind === 'full' ? answers : answers / 2
      return wanted > 0 && wanted >= least ? [] : [`${name} answered ${wanted} of ${answers} reads ${kind}`]
    }),
  )
