import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Scoreboard } from '../../dashboard/read-model.ts'
import { type Placar, read, startPlacar } from './placar.ts'

/** A Placar with the shortest windows there are, so that they end soon. */
export const startQuickly = (options: Parameters<typeof startPlacar>[0] = {}): Promise<Placar> =>
  startPlacar({ ...options, flags: ['--window-seconds', '1'] })

/** The scoreboard of the poll `demo`, as the API has it. */
export const scoreboardOf = (placar: Placar): Promise<Scoreboard> =>
  read<Scoreboard>(placar, '/polls/demo/scoreboard')

/** Casts a vote in the poll `demo` by HTTP. */
export const post = async (placar: Placar, option: string): Promise<void> => {
  const { status } = await fetch(`${placar.url}/polls/demo/votes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ option }),
  })
  expect(status).toBe(202)
}

/** Selects an option's votes on the page, when they are so many. */
export const votesFor = (option: string, votes: number): string =>
  `[data-option="${option}"] [data-votes="${votes}"]`

/** How many px the page is wider than the screen. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
