import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { documentFlags, publish } from '../../../../infra/cli/bench/document.ts'
import { readCommandLine } from '../../../../infra/cli/command.ts'

let folder = ''
let file = ''
const printed: unknown[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'placar-document-'))
  file = join(folder, 'results.md')
  await writeFile(file, '<!-- bench:one -->\n\nold\n\n<!-- /bench:one -->\n')
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(text))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const tell = (name: string, ...args: string[]): Promise<void> =>
  publish(readCommandLine(['--document', file, ...args], documentFlags), name, 'new', { perSecond: 1 })

test('a result is printed and written', async () => {
  await tell('one')
  expect(printed).toEqual(['new'])
  expect(await readFile(file, 'utf8')).toBe('<!-- bench:one -->\n\nnew\n\n<!-- /bench:one -->\n')
})

test('as JSON it is printed, and written as Markdown', async () => {
  await tell('one', '--json')
  expect(JSON.parse(String(printed[0]))).toEqual({ perSecond: 1 })
  expect(await readFile(file, 'utf8')).toContain('\nnew\n')
})

test('a document may be left alone', async () => {
  await tell('one', '--no-document')
  expect(await readFile(file, 'utf8')).toContain('\nold\n')
})

test('without a place for it a result is printed, and what is missing is named', async () => {
  await expect(tell('two')).rejects.toThrow(
    `${file} has no lines "<!-- bench:two -->" and "<!-- /bench:two -->"`,
  )
  expect(printed).toEqual(['new'])
  await rm(file)
  await expect(tell('one')).rejects.toThrow(/cannot be read; say --document FILE or --no-document/)
})
