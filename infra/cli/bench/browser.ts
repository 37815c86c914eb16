import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { LoadError } from '../../../load/load-error.ts'
import { bundledChromium } from './bundled-chromium.ts'

const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Left to whoever opened it: Playwright would end the whole process at once, and what else it has started would stay. */
const signals = { handleSIGINT: false, handleSIGTERM: false }

/**
 * Opens a real Chromium without a window: the one that `PLACAR_BROWSER` names, else the system's, else, on Linux x64,
 * the one inside `@sparticuz/chromium`.
 *
 * @throws LoadError, one line that says what to install, when there is none that starts
 */
export const openBrowser = async (): Promise<Browser> => {
  const failures: string[] = []
  for (const candidate of await candidates()) {
    try {
      return await chromium.launch({ ...(await candidate()), args, ...signals })
    } catch (error) {
      failures.push(reasonOf(error))
    }
  }
  throw new LoadError(
    `There is no Chromium that starts: install Chromium or Google Chrome, or name one in PLACAR_BROWSER. ` +
      `Tried: ${failures.join('; ')}`,
  )
}

type Candidate = () => LaunchOptions | Promise<LaunchOptions>

const candidates = async (): Promise<Candidate[]> => {
  const named = process.env.PLACAR_BROWSER
  if (named) return [() => ({ executablePath: named })]
  const bundled = process.platform === 'linux' && process.arch === 'x64' ? [openBundled] : []
  return [
    ...(await onPath()).map((executablePath) => () => ({ executablePath })),
    () => ({ channel: 'chrome' }),
    () => ({ channel: 'msedge' }),
    ...bundled,
  ]
}

const openBundled: Candidate = async () => {
  const { executablePath, env } = await bundledChromium()
  return { executablePath, env: { ...process.env, ...env } }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const onPath = async (): Promise<string[]> => {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found: string[] = []
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name))))
    await access(path, constants.X_OK).then(
      () => found.push(path),
      () => {},
    )
  return found
}

/** Playwright adds pages of log to its first line; what the system said is among them. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  const said = /\[err\] (.*error.*)/.exec(text)?.[1]
  return said ?? text.split('\n')[0] ?? text
}
