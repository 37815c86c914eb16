import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >
}

// npm leaves packages for other machines out of the lock file when it writes it where it cannot fetch them; from then on
// it does not install them on those machines either, and `npm ci` refuses the file.
it('the lock file holds the native packages of every platform', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8')
  const { packages } = JSON.parse(text) as LockFile
  const named = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
  const held = new Set(Object.keys(packages).map((folder) => folder.split('node_modules/').at(-1)))
  expect(named).toContain('@duckdb/node-bindings-darwin-arm64')
  expect(named.filter((name) => !held.has(name))).toEqual([])
})
