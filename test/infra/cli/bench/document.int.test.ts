import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { documentFlags, publisher } from '../../../../infra/cli/bench/document.ts'
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

const flags = { ...documentFlags, note: { value: 'TEXT', says: 'something' } }
const command = 'npm run bench -- one'

const find = (name: string, ...args: string[]) =>
  publisher(readCommandLine(['--document', file, ...args], flags), name, args)

const tell = async (...args: string[]): Promise<void> => {
  const publish = await find('one', ...args)
  await publish('new', { perSecond: 1 })
}

test('a result is printed and written', async () => {
  await tell()
  const result = `\`${command}\`\n\nnew`
  expect(printed).toEqual([result])
  expect(await readFile(file, 'utf8')).toBe(`<!-- bench:one -->\n\n${result}\n\n<!-- /bench:one -->\n`)
})

test('a result says how the benchmark was called, as a shell takes it', async () => {
  const notes = ['--note=a', '--note', 'two words', "--note=it's", '--note', '']
  await tell(...notes)
  const called = `${command} --note=a --note 'two words' '--note=it'\\''s' --note ''`
  expect(printed[0]).toBe(`\`${called}\`\n\nnew`)
  await tell('--json', ...notes)
  expect(JSON.parse(String(printed[1])).command).toBe(called.replace('one', 'one --json'))
})

test('as JSON it is printed, and written as Markdown', async () => {
  await tell('--json')
  expect(JSON.parse(String(printed[0]))).toEqual({ command: `${command} --json`, perSecond: 1 })
  expect(await readFile(file, 'utf8')).toContain('\nnew\n')
})

test('a document may be left alone', async () => {
  await tell('--no-document')
  expect(await readFile(file, 'utf8')).toContain('\nold\n')
})

test('a document without a place for the result is told before anything is measured, and so is one that is not there', async () => {
  await expect(find('two')).rejects.toThrow(
    `${file} has no lines "<!-- bench:two -->" and "<!-- /bench:two -->"`,
  )
  expect(await readFile(file, 'utf8')).toContain('\nold\n')
  await rm(file)
  await expect(find('one')).rejects.toThrow(/cannot be read; say --document FILE or --no-document/)
  await expect(find('one', '--no-document')).resolves.toBeTypeOf('function')
})

test('what else was written into the document meanwhile stays, and a result that finds no place any more is printed', async () => {
  const publish = await find('one')
  await writeFile(file, '# Later\n<!-- bench:one -->\n<!-- /bench:one -->\n')
  await publish('new', {})
  expect(await readFile(file, 'utf8')).toBe(
    `# Later\n<!-- bench:one -->\n\n\`${command}\`\n\nnew\n\n<!-- /bench:one -->\n`,
  )
  await rm(file)
  await expect(publish('newer', {})).rejects.toThrow(/cannot be read/)
  expect(printed).toEqual([`\`${command}\`\n\nnew`, `\`${command}\`\n\nnewer`])
})
