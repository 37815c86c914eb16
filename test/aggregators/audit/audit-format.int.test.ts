import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderArchive } from '../../../aggregators/audit/archive.ts'
import { expectationOf } from '../../../aggregators/audit/poll-line.ts'
import { verify } from '../../../aggregators/audit/verify.ts'
import { onDisk } from './an-archive.ts'
import { workedExample } from './worked-example.ts'

const page = await readFile(join(import.meta.dirname, '../../../docs/audit-format.md'), 'utf8')
const blocks = [...page.matchAll(/```json\n([^`]+)```/g)].map(([, text = '']) => text.trimEnd().split('\n'))
const [votes = [], windows = []] = blocks.slice(-2)
const asLines = (lines: readonly string[]): string[] => lines.map((line) => `${line}\n`)

it("the page's example is what the fold and the archive's writers make of it", () => {
  const example = workedExample()
  // The histogram's bytes depend on the compressor.
  const bare = (lines: readonly string[]) => lines.map((line) => line.replace(/"histogram":"[^"]*"/, ''))
  expect(asLines(votes)).toEqual(example.votes)
  expect(bare(asLines(windows))).toEqual(bare(example.windows))
})

it('the example agrees, and counts what the page says', async () => {
  const archive = folderArchive(await onDisk({ votes: asLines(votes), windows: asLines(windows) }))
  const expectation = await expectationOf(archive, 'final')
  if (expectation === undefined) throw new Error('the example has no last line')
  const { verdict, figures } = await verify(archive, expectation)
  expect(verdict).toBe('agrees')
  const raw = figures.filter(({ topic }) => topic === 'option' || topic === 'rejected')
  expect(Object.fromEntries(raw.map((figure) => [figure.item, figure.raw]))).toEqual({
    ana: 1,
    bia: 1,
    unknown_option: 1,
  })
})

it('a hash is SHA-256 over the previous one and the bytes, as the page says', () => {
  const parts = windows.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'part')
  expect(parts).toHaveLength(3)
  for (const { previous, bytes, hash } of parts)
    expect(createHash('sha256').update(`${previous}${bytes}`).digest('hex')).toBe(hash)
})

it("the page's shell lines compute the digest that the first part's bytes say", () => {
  const [shell = ''] = page.match(/(?<=```sh\n)bytes\(\)[^`]+(?=```)/) ?? []
  const fields = votes.slice(0, 2).flatMap((line, at) => {
    const record: Record<string, unknown> = JSON.parse(line)
    return ['sequenceNumber', 'arrival', 'partitionKey', 'data'].map((name) => [
      `${name}${at + 1}`,
      String(record[name]),
    ])
  })
  const env = { PATH: process.env.PATH, ...Object.fromEntries(fields) }
  const digest = execFileSync('sh', ['-c', `${shell}printf %s "$digest"`], { env, encoding: 'utf8' })
  const { bytes } = JSON.parse(windows[0] ?? '')
  expect(JSON.parse(bytes)).toMatchObject({ runs: [2], digest })
})

it('every line that the page shows field by field is one of the example', () => {
  const shown = blocks.slice(0, -2).flat()
  expect(shown.length).toBeGreaterThan(3)
  for (const line of shown) expect([...votes, ...windows]).toContain(line)
})
