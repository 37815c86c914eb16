import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { type Views, views } from '../../../dashboard/views.ts'
import { pipeline } from '../../config.ts'
import { type Past, pastStore } from './replay-store.ts'

/** The dashboard's read model over the past, as it stood at `now()`, epoch ms. */
export const pastViews = (past: Past, now: () => number): Views => {
  const newest = past.windows.at(-1)
  return views({
    store: pastStore(past, now),
    now,
    windowMs: newest ? newest.end - newest.start : pipeline.aggregator.tumblingWindowSeconds * 1000,
    iteratorAgeMaxAgeMs: 0,
    warn: () => {}, // the age is always known
  })
}

/** The scoreboard as it stood at a moment, epoch ms: everything whose window had ended by then. */
export const scoreboardAt = async (past: Past, at: number): Promise<Scoreboard> => {
  const found = await pastViews(past, () => at).scoreboard(past.poll.id)
  if (found === undefined) throw new Error(`the poll ${past.poll.id} is void; it never had a scoreboard`)
  return found
}
