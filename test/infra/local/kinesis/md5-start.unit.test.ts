import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { md5Start } from '../../../../infra/local/kinesis/md5-start.ts'

const reference = (text: string): number => Number.parseInt(hash('md5', text, 'hex').slice(0, 8), 16)

test('a short ASCII text has the first 32 bits that node:crypto gives', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 55 })
  fc.assert(
    fc.property(ascii, (text) => {
      expect(md5Start(text)).toBe(reference(text))
    }),
    { numRuns: 2_000 },
  )
})

test('each length up to one block is hashed', () => {
  for (let length = 0; length <= 55; length++) {
    const text = 'v'.repeat(length)
    expect(md5Start(text)).toBe(reference(text))
  }
})

test('a longer text, and one that is not ASCII, are left to node:crypto', () => {
  expect(md5Start('v'.repeat(56))).toBeUndefined()
  expect(md5Start('São Paulo')).toBeUndefined()
})
