import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentTables, fillDocument } from '../../../load/cost/document.ts'

const path = join(import.meta.dirname, '../../../docs/cost.md')

const markers = Object.keys(documentTables()).map((name) => `<!-- table: ${name} -->\n<!-- end -->`)

test('every table of docs/cost.md is what the model gives', async () => {
  await expect(fillDocument(await readFile(path, 'utf8'))).toMatchFileSnapshot(path)
})

test('a changed figure is put right', () => {
  const text = fillDocument(markers.join('\n'))
  const changed = text.replace('| **together** | **', '| **together** | **9')
  expect(changed).not.toBe(text)
  expect(fillDocument(changed)).toBe(text)
})

test('a table without its marker is named', () => {
  expect(() => fillDocument(markers.slice(1).join('\n'))).toThrow('no table per-million')
})

test('a marker without a table is named', () => {
  expect(() => fillDocument('<!-- table: other -->\n<!-- end -->')).toThrow('the table other')
})
