import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staleAfterMs } from '../../dashboard/site/model/freshness.ts'
import { openBrowser } from '../../infra/cli/bench/browser.ts'
import { until } from '../infra/local/until.ts'
import { poorContrast } from './contrast.ts'
import { overflowOf, post, scoreboardOf, startQuickly, votesFor } from './demo.ts'
import { freePort, type Placar } from './placar.ts'
import { readStream } from './stream.ts'
import { changesOf, failedToLoad, visit } from './visit.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** As long as the browser waits for an element: it ends a test that hangs, and measures nothing. */
const patiently = { timeout: 60_000 }

const fresh = '[data-stale="false"]'
const stale = '[data-stale="true"]'

test('a vote is counted and shown, whether clicked, typed or posted, and the receipt names its record', async () => {
  const placar = await startQuickly()
  const { page, complaints } = await visit(browser, placar.url)

  await page.click('[data-vote="ana"]')
  await page.waitForSelector('[data-receipt][data-accepted="true"]')
  expect(await page.innerText('.receipt-text')).toBe('Vote for Ana accepted.')
  await page.click('.receipt-id code')
  const selected = await page.evaluate(() => getSelection()?.toString() ?? '')
  const [, shardId, sequenceNumber] = /^(\S+):(\d+)$/.exec(selected) ?? []
  expect(await readStream(placar)).toEqual([
    expect.objectContaining({
      shardId,
      sequenceNumber,
      data: expect.stringContaining('"votes":[{"option":"ana"}]'),
    }),
  ])
  await page.waitForSelector(votesFor('ana', 1))
  await page.waitForSelector('[data-option="ana"][data-mark="leading"] [data-share="100.00%"]')

  await tabTo(page, '[data-vote="bia"]')
  expect(await page.locator(':focus').evaluate((button) => getComputedStyle(button).outlineStyle)).toBe(
    'solid',
  )
  await page.keyboard.press('Enter')
  await page.waitForSelector(votesFor('bia', 1))
  await page.waitForSelector('[data-option="ana"][data-mark="none"]')

  await post(placar, 'caio')
  await page.waitForSelector(votesFor('caio', 1))
  await page.waitForSelector('[data-counted="3"]')

  expect(await scoreboardOf(placar)).toMatchObject({
    counted: 3,
    options: [
      { id: 'ana', votes: 1 },
      { id: 'bia', votes: 1 },
      { id: 'caio', votes: 1 },
      { id: 'davi', votes: 0 },
    ],
  })
  expect(complaints).toEqual([])
})

/** Presses Tab from the top of the page until the focus is there; the page has fewer than 20 stops before it. */
const tabTo = async (page: Page, selector: string): Promise<void> => {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${selector}:focus-visible`).count()) === 1) return
  }
  throw new Error(`Tab does not reach ${selector}.`)
}

test('the page turns stale when the server stops, and goes on where it was when the server returns', async () => {
  const ports = { port: await freePort(), awsPort: await freePort() }
  const placar = await startQuickly({ ports })
  const { page, complaints } = await visit(browser, placar.url)
  await page.click('[data-vote="ana"]')
  await page.waitForSelector(votesFor('ana', 1))
  expect(await page.getAttribute('body', 'data-stale')).toBe('false')
  expect(await page.isVisible('[data-stale-notice]')).toBe(false)
  expect(complaints).toEqual([])

  expect(await placar.stop()).toBe(0)
  await page.waitForSelector(stale)
  expect(await page.isVisible('[data-stale-notice]')).toBe(true)
  expect(await page.innerText('[data-stale-reason]')).toBe('No answer from the server.')
  expect(await page.innerText('[data-stale-age]')).toMatch(/^These numbers are \d.* s old\.$/)
  expect(await page.locator(votesFor('ana', 1)).count()).toBe(1)
  expect((await poorContrast(page)).poor).toEqual([])
  await page.click('[data-vote="bia"]')
  await page.waitForSelector('[data-receipt][data-accepted="false"]')
  expect(await page.innerText('.receipt-text')).toContain('No answer from the server')

  const returned = await startQuickly({ folder: placar.folder, ports })
  await page.waitForSelector(fresh)
  expect(await page.isVisible('[data-stale-notice]')).toBe(false)
  await page.waitForSelector(votesFor('ana', 1))
  await page.click('[data-vote="bia"]')
  await page.waitForSelector(votesFor('bia', 1))
  expect((await scoreboardOf(returned)).counted).toBe(2)
  expect(complaints.filter((text) => !failedToLoad.test(text))).toEqual([])
})

test('older numbers are refused and make the page stale; nothing new does not', async () => {
  const placar = await startQuickly()
  const older = await scoreboardOf(placar)
  const [misled, quiet] = await Promise.all([visit(browser, placar.url), visit(browser, placar.url)])
  for (const option of ['ana', 'ana', 'bia']) await post(placar, option)
  for (const { page } of [misled, quiet]) await page.waitForSelector('[data-counted="3"]')
  const unchangedAt: number[] = []
  quiet.page.on('response', (response) => {
    if (response.url().endsWith('/scoreboard') && response.status() === 304) unchangedAt.push(Date.now())
  })
  const shown = await changesOf(misled.page, '[data-counted]', 'data-counted')
  const staleness = await changesOf(quiet.page, 'body', 'data-stale')

  await misled.page.route('**/scoreboard', (route) => route.fulfill({ json: older }))
  await misled.page.waitForSelector(stale)
  expect(await misled.page.innerText('[data-stale-reason]')).toBe(
    'The server answers with older numbers than these.',
  )
  expect(await misled.page.locator(`${votesFor('ana', 2)}, ${votesFor('bia', 1)}`).count()).toBe(2)
  expect(await shown()).toEqual(['3'])

  await until(() => (unchangedAt.at(-1) ?? 0) - (unchangedAt[0] ?? 0) > staleAfterMs)
  expect(await staleness()).toEqual(['false'])
  expect([...misled.complaints, ...quiet.complaints]).toEqual([])
})

test('a link opens its poll, the picker and the way back change it, and long names fit a phone', async () => {
  const placar = await startQuickly()
  const title = 'Which of the finalists of the grand final of the national song contest should win tonight?'
  const label = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenorchester'
  const options = ['--option', `one=${label}`, '--option', 'two=Bia & the <b>Bits</b>']
  await polls(placar, 'create', '--id', 'grand-final', '--title', title, ...options)
  const phone = { viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true }
  const { page, complaints } = await visit(browser, `${placar.url}/?poll=grand-final`, phone)

  await page.waitForSelector('[data-option="one"]')
  expect(await page.innerText('[data-title]')).toBe(title)
  expect(await page.innerText('[data-option="two"] .label')).toBe('Bia & the <b>Bits</b>')
  expect(await overflowOf(page)).toBe(0)
  await page.tap('[data-vote="one"]')
  await page.waitForSelector(votesFor('one', 1))
  expect(await overflowOf(page)).toBe(0)

  await page.selectOption('[data-poll-picker]', 'demo')
  await page.waitForSelector(votesFor('ana', 0))
  expect(new URL(page.url()).search).toBe('?poll=demo')
  expect(await page.locator('[data-receipt]:empty').count()).toBe(1)
  await page.goBack()
  await page.waitForSelector(votesFor('one', 1))

  expect(complaints).toEqual([])
})

/** Runs `npm run polls`'s script on an instance; throws when it fails. */
const polls = (placar: Placar, action: string, ...flags: string[]) =>
  promisify(execFile)(process.execPath, [
    ...[join(import.meta.dirname, '../../infra/cli/polls.ts'), action, '--data-dir', placar.folder],
    ...flags,
  ])

test('the legend tells present rates until the poll is final, and none after', async () => {
  const placar = await startQuickly()
  const { page, complaints } = await visit(browser, placar.url)
  await page.click('[data-vote="ana"]')
  await page.waitForSelector(votesFor('ana', 1))
  const rates = () => page.locator('[data-legend-rate]').allInnerTexts()
  const ofFour = (rate: RegExp) => Array.from({ length: 4 }, () => expect.stringMatching(rate))
  await expect.poll(rates, patiently).toEqual(ofFour(/\/s$/))

  await polls(placar, 'close', '--id', 'demo')
  await page.waitForSelector('[data-status="final"]')
  await expect.poll(rates, patiently).toEqual(ofFour(/^$/))
  expect(complaints).toEqual([])
})

test('where there is no board to show, the page says why and shows nothing else', async () => {
  const placar = await startQuickly()
  const { page, complaints } = await visit(browser, `${placar.url}/?poll=nobody`)
  const shown = async () => ({
    state: await page.innerText('[data-freshness]'),
    main: (await page.innerText('main')).trim(),
    board: await page.isVisible('[data-board]'),
    panels: await page.isVisible('[data-panels]'),
  })
  const nothing = { board: false, panels: false }
  const says = (state: string, main: string) =>
    expect.poll(shown, patiently).toEqual({ ...nothing, state, main })

  await says('connected', 'There is no poll “nobody”. Choose one above.')

  let scoreboards = 0
  await page.route('**/scoreboard', () => {
    scoreboards++
  })
  await page.goto(placar.url)
  await until(() => scoreboards > 0)
  await says('connecting', 'Loading …')

  await page.route('**/polls', (route) => route.fulfill({ json: { polls: [] } }))
  await page.goto(placar.url)
  await says('connected', 'There are no polls yet. They appear here as soon as one is created.')
  expect(complaints).toEqual([])
})
