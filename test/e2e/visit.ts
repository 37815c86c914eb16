import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** A page as one viewer has it open, and everything that it complained of so far. */
export type Visit = { page: Page; complaints: string[] }

/** The page as it opens in a browser of its own: nothing cached, nothing remembered. It closes when the test has finished. */
export const visit = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> => {
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  context.setDefaultTimeout(60_000)
  await context.addInitScript(reportViolations)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error}`))
  await page.goto(url)
  return { page, complaints }
}

/** Runs in the page. Chromium reports most violations by itself, but not each kind; complaining twice does no harm. */
const reportViolations = () =>
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    console.error(`Content-Security-Policy: ${effectiveDirective} blocked ${blockedURI}`),
  )

/** What Chromium says of every request without a good answer. The page cannot keep it from saying so. */
export const failedToLoad = /^Failed to load resource: /

/** Notes every value that an element's attribute takes from now on. @returns the different values in a row, so far */
export const changesOf = async (
  page: Page,
  selector: string,
  attribute: string,
): Promise<() => Promise<string[]>> => {
  const values = await page.locator(selector).evaluateHandle((element, name) => {
    const seen = [element.getAttribute(name) ?? '']
    new MutationObserver(() => {
      const value = element.getAttribute(name) ?? ''
      if (seen.at(-1) !== value) seen.push(value)
    }).observe(element, { attributeFilter: [name] })
    return seen
  }, attribute)
  return () => values.jsonValue()
}
