import { openBrowser } from '../../infra/cli/bench/browser.ts'

/**
 * Takes the README's picture of the page:
 *
 *     npm start -- --traffic 200
 *     node test/e2e/screenshot.ts http://127.0.0.1:8080 docs/dashboard.png
 *
 * It waits until the lines of votes per second fill a third of their chart, which is 90 s after that start.
 */
const [url = 'http://127.0.0.1:8080', path = 'docs/dashboard.png'] = process.argv.slice(2)

const windowsShown = 18

const browser = await openBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'dark' })
  page.setDefaultTimeout(120_000)
  await page.goto(url)
  await page.waitForSelector('[data-percentile="max"]')
  await page.waitForSelector(`[data-rate-table] tr:nth-child(${windowsShown})`, { state: 'attached' })
  // Up to here: what follows, rejections and figures of the counting, is empty when all goes well.
  const last = await page.locator('[data-shards-panel]').boundingBox()
  const height = Math.ceil((last?.y ?? 0) + (last?.height ?? 720) + 12)
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: 1280, height } })
} finally {
  await browser.close()
}
