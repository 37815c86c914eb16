import type { Browser } from 'playwright-core'
import type { FreshnessPage } from '../../../load/bench/freshness.ts'
import type { Step } from '../../../load/bench/visible.ts'

/** So long may a vote that is counted take to be shown before the benchmark gives up. */
const shownWithinMs = 30_000

const total = '[data-counted]'

/**
 * Opens a poll's page and has it write down every total that it draws, and when: after the frame with it was made, by
 * the clock of this machine, which generator and browser share.
 */
export const openFreshnessPage = async (
  browser: Browser,
  url: string,
  poll: string,
): Promise<FreshnessPage> => {
  const page = await browser.newPage()
  await page.goto(`${url}/?poll=${poll}`)
  await page.waitForSelector('[data-counted="0"]', { timeout: shownWithinMs })
  const seen = await page.locator(total).evaluateHandle((element) => {
    const steps: Step[] = []
    new MutationObserver(() => {
      const shown = Number((element as HTMLElement).dataset.counted)
      // What is drawn in a frame can be seen once the task behind it runs.
      requestAnimationFrame(() => setTimeout(() => steps.push({ at: Date.now(), total: shown })))
    }).observe(element, { attributeFilter: ['data-counted'] })
    return steps
  })
  return {
    shows: async (votes) => {
      await page.waitForSelector(`[data-counted="${votes}"]`, { timeout: shownWithinMs })
    },
    shown: () =>
      seen.evaluate(
        (steps) =>
          new Promise<Step[]>((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(steps)))),
      ),
    close: () => page.close(),
  }
}
