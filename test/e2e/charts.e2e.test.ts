import { KinesisClient, PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Stats, WindowsView } from '../../dashboard/read-model.ts'
import { clockText, latencyText, rateText } from '../../dashboard/site/model/figures.ts'
import { openBrowser } from '../../infra/cli/bench/browser.ts'
import { pipeline } from '../../infra/config.ts'
import { localClient } from '../../infra/local/handler-environment.ts'
import { until } from '../infra/local/until.ts'
import { luminance, poorContrast } from './contrast.ts'
import { overflowOf, post, startQuickly } from './demo.ts'
import { read, startPlacar } from './placar.ts'
import { visit } from './visit.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** As long as the browser waits for an element: it ends a test that hangs, and measures nothing. */
const patiently = { timeout: 60_000 }

test('tables hold what the charts draw: votes per second, latencies and rejections, as the API has them', async () => {
  const placar = await startQuickly()
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
  await expect.poll(filledRows, patiently).toEqual(expected)
  expect(await pixelsOf(page, '[data-rate-chart]', '--option-0')).toBeGreaterThan(0)

  const stats = await until(async () => {
    const stats = await read<Stats>(placar, '/stats')
    return stats.counted === 3 && stats.rejected.unknown_option === 1 && stats
  })
  for (const [stage, latency] of Object.entries(stats.latency)) {
    const figure = `[data-stage="${stage}"]`
    const votes = async () => (await rowsOf(page, figure)).reduce((sum, [, count]) => sum + Number(count), 0)
    await expect.poll(votes, patiently).toBe(latency.count)
    expect(await page.innerText(`${figure} [data-percentile="p50"]`)).toBe(latencyText(latency.p50))
    expect(await page.innerText(`${figure} [data-percentile="max"]`)).toBe(latencyText(latency.max))
    // The figures at the axes have the colour of the bars, but few pixels in full.
    expect(await pixelsOf(page, `${figure} canvas`, '--muted')).toBeGreaterThan(200)
  }

  await page.waitForSelector('tr[data-reason="unknown_option"]')
  const rejections = [['for an option the poll does not have', '1', '1']]
  await expect.poll(() => rowsOf(page, '[data-rejections]'), patiently).toEqual(rejections)
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

/** How many pixels of a canvas have just this colour of the palette. */
const pixelsOf = (page: Page, selector: string, name: string): Promise<number> =>
  page.locator(selector).evaluate((element, property) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    const hex = getComputedStyle(canvas).getPropertyValue(property).trim()
    const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
    let pixels = 0
    for (let at = 0; at < data.length; at += 4)
      if (wanted.every((value, i) => data[at + i] === value) && data[at + 3] === 255) pixels++
    return pixels
  }, name)

test('the page is legible in light and dark, fits every screen, rests when asked to, and runs no script but its own', async () => {
  const placar = await startQuickly()
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
    await expect.poll(() => overflowOf(page), { ...patiently, message: `overflow at ${width} px` }).toBe(0)
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
  const violation = expect.stringMatching(/^Content-Security-Policy: script-src/)
  await expect.poll(() => complaints, patiently).toContainEqual(violation)
  expect(await page.title()).not.toBe('changed')
})

test('the shards panel shows what is refused at the limit of one shard, then the two that it is split into', async () => {
  const placar = await startPlacar({ flags: ['--shards', '1', '--window-seconds', '1'] })
  const kinesis = new KinesisClient(localClient(placar.awsEndpoint))
  onTestFinished(() => kinesis.destroy())
  const { page, complaints } = await visit(browser, placar.url)
  const votes = [{ option: 'ana' }]
  const Data = Buffer.from(JSON.stringify({ v: 1, poll: 'demo', acceptedAt: Date.now(), n: 1, votes }))
  // So many at once are more than a shard takes in a second.
  const flood = () =>
    Promise.all(
      [0, 1, 2].map((request) => {
        const Records = Array.from({ length: 500 }, (_, n) => ({ Data, PartitionKey: `v-${request}-${n}` }))
        return kinesis.send(new PutRecordsCommand({ StreamName: pipeline.streamName, Records }))
      }),
    )
  const shown = async (selector: string) => (await page.locator(selector).allInnerTexts()).join(', ')

  await until(async () => {
    await flood()
    return (await page.locator('[data-shard="shardId-000000000000"][data-throttled="true"]').count()) === 1
  })
  expect(await page.locator('[data-shard]').count()).toBe(1)
  expect(await shown('[data-shard] .throttled')).toMatch(/^throttled [\d,.]+\/s$/)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect((await poorContrast(page)).poor).toEqual([])
  }

  const twice = { StreamName: pipeline.streamName, TargetShardCount: 2 }
  await kinesis.send(new UpdateShardCountCommand({ ...twice, ScalingType: 'UNIFORM_SCALING' }))
  await expect.poll(() => shown('[data-lineage] li'), patiently).toBe('0 → 1 and 2 split')
  expect(await shown('[data-shard] .shard-name')).toBe('shard 1, shard 2')
  expect(await shown('[data-shards-head]')).toMatch(/^2 open shards · [\d,.]+ votes\/s$/)
  expect(complaints).toEqual([])
})
