import type { Scoreboard } from '../../read-model.ts'
import { countText, rateText, shareText } from './figures.ts'
import { colourOf } from './option-colour.ts'

/** One line of the scoreboard. */
export type StandingRow = {
  id: string
  label: string
  votes: number
  votesText: string
  shareText: string
  /** Length of the bar, 0–1 of the room there is. */
  fill: number
  colour: number
  /** "Leading", or "Winner" once the poll is final; none in a tie or without votes. */
  mark?: 'Leading' | 'Winner'
}

/** How the options share the screen: few fill it, many stand in columns, a crowd in narrow ones. */
export type Density = 'few' | 'many' | 'crowd'

export type Standing = {
  /** In the ballot's order, which never changes: a button must not move away from under a finger. */
  rows: StandingRow[]
  density: Density
  countedText: string
  rateText: string
  rejectedText: string
}

/** The scoreboard as the page sets it. */
export const standing = (scoreboard: Scoreboard): Standing => {
  const { options, status } = scoreboard
  const density = densityOf(options.length)
  const full = fullBar(density, Math.max(0, ...options.map((option) => option.share)))
  const leader = leaderOf(options)
  return {
    rows: options.map((option, index) => ({
      id: option.id,
      label: option.label,
      votes: option.votes,
      votesText: countText(option.votes),
      shareText: shareText(option.share, option.votes, scoreboard.counted),
      fill: full === 0 ? 0 : option.share / full,
      colour: colourOf(index),
      ...(option.id === leader ? { mark: status === 'final' ? 'Winner' : 'Leading' } : {}),
    })),
    density,
    countedText: countText(scoreboard.counted),
    rateText: rateText(scoreboard.votesPerSecond),
    rejectedText: countText(Object.values(scoreboard.rejected).reduce((sum, count) => sum + count, 0)),
  }
}

/** The one option with more votes than any other, if there is one. */
export const leaderOf = (options: readonly { id: string; votes: number }[]): string | undefined => {
  const most = Math.max(0, ...options.map((option) => option.votes))
  const first = options.filter((option) => option.votes === most)
  return most > 0 && first.length === 1 ? first[0]?.id : undefined
}

/**
 * The share that a full bar stands for. Few options stand on a track, which is all votes, so that half of it is half of
 * them. Of many options each has a small part: there the longest bar is full, and the style sheet draws no track, which
 * would be taken for the whole. Both move without a jump, however the shares do.
 */
const fullBar = (density: Density, greatestShare: number): number => (density === 'few' ? 1 : greatestShare)

const densityOf = (options: number): Density => {
  if (options <= 8) return 'few'
  return options <= 20 ? 'many' : 'crowd'
}
