import type { Scoreboard } from '../../read-model.ts'
import { countText, shareText, votesText } from './figures.ts'
import { statusText } from './schedule.ts'
import { leaderOf } from './standing.ts'

/** A screen reader is told the standing at most so often; a status change at once. */
const quietMs = 15_000

export type Announcement = { text: string; status: string; at: number }

/**
 * What to tell next, or what was told last when it is too soon or nothing changed.
 *
 * @param now `performance.now()`
 */
export const announce = (
  last: Announcement | undefined,
  scoreboard: Scoreboard,
  now: number,
): Announcement => {
  const text = summary(scoreboard)
  const { status } = scoreboard
  if (last !== undefined && last.text === text) return last
  if (last !== undefined && last.status === status && now - last.at < quietMs) return last
  return { text, status, at: now }
}

const summary = ({ status, counted, options }: Scoreboard): string => {
  const leader = options.find((option) => option.id === leaderOf(options))
  const [verb, nobody] = status === 'final' ? ['won', 'No option won.'] : ['leads', 'No option leads.']
  const standing =
    leader === undefined
      ? nobody
      : `${leader.label} ${verb} with ${shareText(leader.share, leader.votes, counted)}, ${countText(leader.votes)}.`
  return `${statusText[status]}. ${votesText(counted)}. ${standing}`
}
