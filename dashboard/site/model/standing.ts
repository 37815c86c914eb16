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
  /** Length of the bar, 0–1 of its track. */
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
  const scale = barScale(Math.max(0, ...options.map((option) => option.share)))
  const leader = leaderOf(options)
  return {
    rows: options.map((option, index) => ({
      id: option.id,
      label: option.label,
      votes: option.votes,
      votesText: countText(option.votes),
      shareText: shareText(option.share, option.votes, scoreboard.counted),
      fill: Math.min(1, option.share / scale),
      colour: colourOf(index),
      ...(option.id === leader ? { mark: status === 'final' ? 'Winner' : 'Leading' } : {}),
    })),
    density: densityOf(options.length),
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

const scales = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]

/** The share that a full bar stands for: in steps, so that bars do not all change when the leader gains a vote. */
export const barScale = (greatestShare: number): number => scales.find((step) => step >= greatestShare) ?? 1

const densityOf = (options: number): Density => {
  if (options <= 8) return 'few'
  return options <= 20 ? 'many' : 'crowd'
}
