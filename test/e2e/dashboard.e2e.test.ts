import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scoreboard, Stats, WindowsView } from '../../dashboard/read-model.ts'
import { clockText, latencyText, rateText } from '../../dashboard/site/model/figures.ts'
import { staleAfterMs } from '../../dashboard/site/model/freshness.ts'
import { until } from '../infra/local/until.ts'
import { openBrowser } from './browser.ts'
import { luminance, poorContrast } from './contrast.ts'
import { freePort, type Placar, read, startPlacar } from './placar.ts'
import { readStream } from './stream.ts'
import { changesOf, failedToLoad, visit } from './visit.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const windows = ['--window-seconds', '1']
const scoreboardOf = (placar: Placar) => read<Scoreboard>(placar, '/polls/demo/scoreboard')

const post = async (placar: Placar, option: string): Promise<void> => {
  const { status } = await fetch(`${placar.url}/polls/demo/votes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ option }),
  })
  expect(status).toBe(202)
}

const votesFor = (option: string, votes: number) => `[data-option="${option}"] [data-votes="${votes}"]`
const fresh = '[data-stale="false"]'
const stale = '[data-stale="true"]'

test('a vote is counted and shown, whether clicked, typed or posted, and the receipt names its record', async () => {
  const placar = await startPlacar({ flags: windows })
  const { page, complaints } = await visit(browser, placar.url)

  await page.click('[data-vote="ana"]')
  await page.waitForSelector('[data-receipt][data-accepted="true"]')
  expect(await page.innerText('.receipt-text')).toBe('Vote for Ana accepted.')
  const [, shardId, sequenceNumber] =
    /^Receipt (\S+) · (\d+)$/.exec(await page.innerText('.receipt-id')) ?? []
  expect(await readStream(placar)).toEqual([
    { shardId, sequenceNumber, data: expect.stringContaining('"votes":[{"option":"ana"}]') },
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
  const placar = await startPlacar({ ports, flags: windows })
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
  expect(await poorContrast(page)).toEqual({ measured: expect.any(Number), poor: [] })
  await page.click('[data-vote="bia"]')
  await page.waitForSelector('[data-receipt][data-accepted="false"]')
  expect(await page.innerText('.receipt-text')).toContain('No answer from the server')

  const returned = await startPlacar({ folder: placar.folder, ports, flags: windows })
  await page.waitForSelector(fresh)
  expect(await page.isVisible('[data-stale-notice]')).toBe(false)
  await page.waitForSelector(votesFor('ana', 1))
  await page.click('[data-vote="bia"]')
  await page.waitForSelector(votesFor('bia', 1))
  expect((await scoreboardOf(returned)).counted).toBe(2)
  expect(complaints.filter((text) => !failedToLoad.test(text))).toEqual([])
})

test('older numbers are refused and make the page stale; nothing new does not', async () => {
  const placar = await startPlacar({ flags: windows })
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

test('tables hold what the charts draw: votes per second, latencies and rejections, as the API has them', async () => {
  const placar = await startPlacar({ flags: windows })
  const { page, complaints } = await visit(browser, placar.url, { timezoneId: 'UTC' })
  for (const option of ['ana', 'ana', 'bia', 'nobody']) await post(placar, option)

  const expected = await until(async () => {
    const { windows } = await read<WindowsView>(placar, '/polls/demo/windows')
    const filled = windows.filter(({ complete, counts }) => complete && Object.keys(counts).length > 0)
    const votes = filled.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0)
    return votes === 3 && filled.map(({ end, counts }) => rateRow(end, counts))
  })
  const filledRows = async () =>
    (await rowsOf(page, '[data-rate-table]')).filter((row) => row.slice(1).some((rate) => rate !== '0'))
  await until(async () => (await filledRows()).length === expected.length)
  expect(await filledRows()).toEqual(expected)
  await until(() => hasColour(page, '[data-rate-chart]', '--option-0'))

  const stats = await until(async () => {
    const stats = await read<Stats>(placar, '/stats')
    return stats.counted === 3 && stats.rejected.unknown_option === 1 && stats
  })
  for (const [stage, latency] of Object.entries(stats.latency)) {
    const figure = `[data-stage="${stage}"]`
    await until(async () => {
      const votes = (await rowsOf(page, figure)).map(([, count]) => Number(count))
      return votes.reduce((sum, count) => sum + count, 0) === latency.count
    })
    expect(await page.innerText(`${figure} [data-percentile="p50"]`)).toBe(latencyText(latency.p50))
    expect(await page.innerText(`${figure} [data-percentile="max"]`)).toBe(latencyText(latency.max))
    expect(await hasColour(page, `${figure} canvas`, '--muted')).toBe(true)
  }

  await page.waitForSelector('tr[data-reason="unknown_option"]')
  await until(async () => (await rowsOf(page, '[data-rejections]'))[0]?.[2] === '1')
  expect(await rowsOf(page, '[data-rejections]')).toEqual([
    ['for an option the poll does not have', '1', '1'],
  ])
  expect(complaints).toEqual([])
})

/** A row of the table of rates, with windows of one second. */
const rateRow = (end: number, counts: Record<string, number>): string[] => [
  clockText(end, 'UTC'),
  ...['ana', 'bia', 'caio', 'davi'].map((option) => rateText(counts[option] ?? 0)),
]

const rowsOf = (page: Page, place: string): Promise<string[][]> =>
  page
    .locator(`${place} tbody tr`)
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))

/** Whether a canvas shows a colour of the palette anywhere. */
const hasColour = (page: Page, selector: string, name: string): Promise<boolean> =>
  page.locator(selector).evaluate((element, property) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    const hex = getComputedStyle(canvas).getPropertyValue(property).trim()
    const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
    for (let at = 0; at < data.length; at += 4)
      if (wanted.every((value, i) => data[at + i] === value) && data[at + 3] === 255) return true
    return false
  }, name)

test('a link opens its poll, the picker and the way back change it, and long names fit a phone', async () => {
  const placar = await startPlacar({ flags: windows })
  const title = 'Which of the finalists of the grand final of the national song contest should win tonight?'
  const label = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenorchester'
  const polls = join(import.meta.dirname, '../../infra/cli/polls.ts')
  const options = ['--option', `one=${label}`, '--option', 'two=Bia & the <b>Bits</b>']
  await promisify(execFile)(process.execPath, [
    ...[polls, 'create', '--data-dir', placar.folder, '--id', 'grand-final', '--title', title],
    ...options,
  ])
  const phone = { viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true }
  const { page, complaints } = await visit(browser, `${placar.url}/?poll=grand-final`, phone)

  await page.waitForSelector('[data-option="one"]')
  expect(await page.innerText('[data-title]')).toBe(title)
  expect(await page.innerText('[data-option="two"] .label')).toBe('Bia & the <b>Bits</b>')
  expect(await overflow(page)).toBe(0)
  await page.tap('[data-vote="one"]')
  await page.waitForSelector(votesFor('one', 1))
  expect(await overflow(page)).toBe(0)

  await page.selectOption('[data-poll-picker]', 'demo')
  await page.waitForSelector(votesFor('ana', 0))
  expect(new URL(page.url()).search).toBe('?poll=demo')
  expect(await page.locator('[data-receipt]:empty').count()).toBe(1)
  await page.goBack()
  await page.waitForSelector(votesFor('one', 1))

  await page.goto(`${placar.url}/?poll=nobody`)
  await page.getByText('There is no poll “nobody”.').waitFor()
  expect(complaints).toEqual([])
})

/** How many px the page is wider than the screen. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('the page is legible in light and dark, fits every screen, rests when asked to, and runs no script but its own', async () => {
  const placar = await startPlacar({ flags: windows })
  for (const option of ['ana', 'bia', 'ana', 'nobody']) await post(placar, option)
  const { page, complaints } = await visit(browser, placar.url)
  await page.waitForSelector('tr[data-reason="unknown_option"]')
  await page.waitForSelector('[data-percentile="max"]')

  const papers: number[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { measured, poor } = await poorContrast(page)
    expect(poor).toEqual([])
    expect(measured).toBeGreaterThan(30)
    papers.push(
      luminance(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)),
    )
  }
  expect(papers).toEqual([expect.toSatisfy((light) => light > 0.8), expect.toSatisfy((dark) => dark < 0.02)])

  for (const width of [320, 360, 600, 1024, 1920, 3840]) {
    await page.setViewportSize({ width, height: 800 })
    // The charts follow the window a moment later.
    await until(async () => (await overflow(page)) === 0)
  }

  const barMotion = () =>
    page
      .locator('.bar span')
      .first()
      .evaluate((bar) => getComputedStyle(bar).transitionDuration)
  expect(await barMotion()).toBe('0.4s')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await barMotion()).toBe('0s')
  expect(complaints).toEqual([])

  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "changed"'
    document.body.append(script)
  })
  // Shows also that complaints are heard.
  await until(() => complaints.some((text) => text.startsWith('Content-Security-Policy: script-src')))
  expect(await page.title()).not.toBe('changed')
})
