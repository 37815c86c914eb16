import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../../load/artillery')
const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string; resolved?: string; link?: boolean }>
}

test('the package that downloads a browser is an empty folder of ours, wherever it is asked for', () => {
  const found = Object.entries(lock.packages).filter(([path]) =>
    path.endsWith('@playwright/browser-chromium'),
  )
  expect(found).toEqual([[expect.any(String), { resolved: 'empty', link: true }]])
})

test('no package is bound to a registry', () => {
  const bound = Object.values(lock.packages).filter(({ resolved = 'empty' }) => resolved !== 'empty')
  expect(bound).toEqual([])
})

test('Artillery is 2.0.34 or newer', () => {
  const version = lock.packages['node_modules/artillery']?.version ?? ''
  expect(version.localeCompare('2.0.34', 'en', { numeric: true })).toBeGreaterThanOrEqual(0)
})
