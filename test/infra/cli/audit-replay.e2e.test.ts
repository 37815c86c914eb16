import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildSite, contentSecurityPolicy } from '../../../dashboard/build.ts'
import { readArchivedPoll } from '../../../infra/cli/audit/replay-archive.ts'
import { virtualClock } from '../../../infra/cli/audit/replay-clock.ts'
import { playingOf } from '../../../infra/cli/audit/replay-play.ts'
import { openReplayServer } from '../../../infra/cli/audit/replay-server.ts'
import { openBrowser } from '../../../infra/cli/bench/browser.ts'
import { readSite, type Site } from '../../../infra/local/gateway/site.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { poorContrast } from '../../e2e/contrast.ts'
import { votesFor } from '../../e2e/demo.ts'
import { changesOf, visit } from '../../e2e/visit.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { until } from '../local/until.ts'
import { archiveIn, finalPoll, writeArchive } from './audit-replay-archive.ts'

let browser: Browser
let site: Site
beforeAll(async () => {
  site = await readSite(await buildSite(), contentSecurityPolicy)
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** A page that follows the replay of a poll, whose clock has not moved yet. */
const openReplay = async (poll: Poll, speed: number) => {
  const folder = await temporaryFolder()
  await writeArchive(folder)
  const { windows } = await readArchivedPoll(archiveIn(folder), poll.id)
  const playing = playingOf({ poll, windows }, speed)
  let realMs = 0
  const now = virtualClock(playing, () => realMs)
  const server = await openReplayServer({ poll, windows }, site, now, 0)
  onTestFinished(() => server.close())
  const seen = await visit(browser, `${server.url}/?poll=${poll.id}`)
  let timer: ReturnType<typeof setInterval> | undefined
  onTestFinished(() => clearInterval(timer))
  const start = () => {
    const startedAt = performance.now()
    timer = setInterval(() => {
      realMs = performance.now() - startedAt
    }, 20)
  }
  return { ...seen, start }
}

test('a vote is played back from its first second to its result, and at no time does the page look stale', async () => {
  const { page, complaints, start } = await openReplay(finalPoll, 5)
  await page.waitForSelector('[data-status="open"] [data-counted="0"]')
  const staleness = await changesOf(page, 'body', 'data-stale')
  const statuses = await changesOf(page, 'body', 'data-status')
  expect(await page.isVisible('[data-replay]')).toBe(true)
  expect(await page.isVisible('[data-vote="ana"]')).toBe(false)

  start()
  // On the way; which of these a page sees that asks once a second depends on when it asks.
  await page.waitForSelector([1, 2, 3, 4, 5, 6].map((votes) => votesFor('bia', votes)).join(', '))
  await page.waitForSelector('[data-status="final"] [data-option="ana"][data-mark="winner"]')
  expect(await page.innerText('[data-schedule]')).toBe('Proved final 600 ms after it closed')
  expect(await page.isVisible('[data-unproved]')).toBe(false)
  expect(await page.locator(`${votesFor('ana', 9)}, ${votesFor('bia', 7)}`).count()).toBe(2)

  await page.waitForSelector('[data-poll-picker] option:text("Final (final)")', { state: 'attached' })

  // It goes on asking, more slowly, with no new answer to have: that must not make the result look old.
  let asked = 0
  page.on('response', (response) => {
    if (response.url().endsWith('/scoreboard')) asked += 1
  })
  await until(() => asked === 2)
  expect(await staleness()).toEqual(['false'])
  expect((await statuses()).at(-1)).toBe('final')
  expect(complaints).toEqual([])
})

test('a result that is not proved says in which shards votes may have expired', async () => {
  const { result } = finalPoll
  const unproved = { ...finalPoll, ...(result && { result: { ...result, unproved: ['s2'] } }) }
  const { page, complaints, start } = await openReplay(unproved, 3600)
  start()
  await page.waitForSelector('[data-status="final"] [data-unproved]:not([hidden])')
  expect(await page.innerText('[data-unproved-text]')).toContain('Votes in s2 may have expired')
  expect(await page.innerText('[data-schedule]')).toBe('Final, not proved, 600 ms after it closed')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect((await poorContrast(page)).poor).toEqual([])
  }
  expect(complaints).toEqual([])
})
