import { existsSync, statSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixture, type Project } from './fixture-project.ts'

/** The lock file asks for a Node that no machine has, so that it must be brought. */
let futureNode: ReturnType<typeof fixture>
let pastNode: ReturnType<typeof fixture>

beforeAll(() => {
  futureNode = fixture('99.1.0')
  pastNode = fixture('1.0.0')
})

afterAll(() => {
  futureNode.remove()
  pastNode.remove()
})

const project = () => futureNode.project()
const has = ({ path }: Project, name: string) => existsSync(path('node_modules', name))
const inode = ({ path }: Project, name: string) => statSync(path('node_modules', name, 'index.js')).ino

test('the runtime set is installed with the Node it needs, and the lock file stays as it was', async () => {
  const fresh = project()
  const before = [fresh.read('package.json'), fresh.read('package-lock.json')]
  const { code, output } = await fresh.prepare('runtime', { npm_lifecycle_event: 'prestart' })
  expect(output).toBe('Installing what "npm start" needs (once, some minutes on a slow line)…\n')
  expect(code).toBe(0)
  expect([has(fresh, 'votes'), has(fresh, 'checks'), has(fresh, '.bin/node')]).toEqual([true, false, true])
  expect([fresh.read('package.json'), fresh.read('package-lock.json')]).toEqual(before)
})

test('a second time nothing is installed and nothing is printed', async () => {
  const ready = project()
  await ready.prepare('all')
  const noNpm = { npm_execpath: ready.path('no-npm-cli.js') }
  expect(await ready.prepare('all', noNpm)).toMatchObject({ code: 0, output: '' })
  expect(await ready.prepare('runtime', noNpm)).toMatchObject({ code: 0, output: '' })
})

test('npm test adds to what npm start has installed, and npm start does not take it away', async () => {
  const grown = project()
  await grown.prepare('runtime')
  const before = inode(grown, 'votes')
  await grown.prepare('all')
  expect(has(grown, 'checks')).toBe(true)
  expect(inode(grown, 'votes')).toBe(before)

  grown.write(`${grown.read('package-lock.json')}\n`, 'package-lock.json')
  expect((await grown.prepare('runtime')).output).toMatch(/^Installing/)
  expect(has(grown, 'checks')).toBe(true)
})

test('what npm ci by hand has installed is not taken away either', async () => {
  const byHand = project()
  byHand.npm('ci')
  expect((await byHand.prepare('runtime')).code).toBe(0)
  expect(has(byHand, 'checks')).toBe(true)
})

test('packages removed by hand are installed again', async () => {
  const pruned = project()
  await pruned.prepare('all')
  pruned.npm('prune', '--omit=dev')
  expect(has(pruned, 'checks')).toBe(false)
  expect((await pruned.prepare('all')).code).toBe(0)
  expect(has(pruned, 'checks')).toBe(true)
})

test('set-ups at once take turns', async () => {
  const shared = project()
  const sets = ['runtime', 'all', 'all', 'runtime']
  const runs = await Promise.all(sets.map((set) => shared.prepare(set, { npm_lifecycle_event: 'prestart' })))
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect([has(shared, 'votes'), has(shared, 'checks')]).toEqual([true, true])
  expect(has(shared, '.placar-setup.lock')).toBe(false)
})

test('an install that was cut off is repaired, and the packages it had no business with stay', async () => {
  const cut = project()
  await cut.prepare('all')
  const packages = JSON.parse(cut.read('node_modules', '.package-lock.json')).packages
  const { 'node_modules/votes': _, ...others } = packages
  // As a kill leaves it: "votes" was being unpacked, its package.json is there and its code is not.
  cut.write(
    JSON.stringify({ state: 'installing', set: 'all', packages: others }),
    'node_modules',
    '.placar-setup.json',
  )
  cut.write('', 'node_modules', 'votes', 'index.js')
  const before = inode(cut, 'checks')
  expect((await cut.prepare('runtime')).code).toBe(0)
  expect(cut.read('node_modules', 'votes', 'index.js')).toBe("module.exports = 'votes'")
  expect(inode(cut, 'checks')).toBe(before)
})

test('a machine whose Node is new enough is brought no other, until it has an older one', async () => {
  const modern = pastNode.project()
  expect(await modern.prepare('runtime')).toMatchObject({ code: 0 })
  expect(has(modern, '.bin/node')).toBe(false)

  const aged = project()
  aged.npm('install', '--no-save', '--omit=dev', '--ignore-scripts')
  expect(has(aged, '.bin/node')).toBe(false)
  expect((await aged.prepare('runtime')).code).toBe(0)
  expect(has(aged, '.bin/node')).toBe(true)
})

test.each([
  ['cannot be fetched', 'process.exit(1)'],
  [
    'does not run here',
    `require('fs').mkdirSync('bin'); require('fs').writeFileSync('bin/node', '#!/no/such/loader', { mode: 0o755 })`,
  ],
])('if the Node that is needed %s, one line says what to install', async (_, installScript) => {
  const stuck = project()
  stuck.write(installScript, 'bring.cjs')
  const { code, output } = await stuck.prepare('runtime', { npm_lifecycle_event: 'prestart' })
  expect(code).toBe(1)
  expect(output.split('\n')[1]).toBe(
    `Placar needs Node 99 or newer, this machine has ${process.version}, and npm could not bring one (package "node"): ` +
      'install Node 99 from https://nodejs.org, then run "npm start" again.',
  )
  expect(has(stuck, '.bin/node')).toBe(false)
})

test('if npm fails, its own words are shown and one line says how to go on', async () => {
  const broken = project()
  broken.write('not a package', 'votes-1.0.0.tgz')
  const env = { npm_lifecycle_event: 'pretest', npm_config_cache: broken.path('empty-cache') }
  const { code, output } = await broken.prepare('all', env)
  expect(code).toBe(1)
  expect(output).toMatch(/^npm error /m)
  expect(output.trimEnd().split('\n').at(-1)).toBe(
    'Installing failed: mend what npm says above (most often the network), then run "npm test" again.',
  )
  expect(has(broken, '.placar-setup.lock')).toBe(false)
})

test('an unknown set is refused', async () => {
  const { code, output } = await project().prepare('everything')
  expect(code).toBe(1)
  expect(output).toBe('Set-up expects "runtime" or "all", not "everything".\n')
})
