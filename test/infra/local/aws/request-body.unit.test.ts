import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readBody } from '../../../../infra/local/aws/request-body.ts'

const limits = { maxBytes: 10, timeoutMs: 60_000, reserve: () => true }

const chunks = (...parts: string[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)))

test('the chunks of a body come together', async () => {
  expect(await readBody(chunks('ab', 'cd'), limits)).toEqual({ bytes: Buffer.from('abcd'), reserved: 4 })
})

test('no body is an empty one', async () => {
  expect(await readBody(chunks(), limits)).toEqual({ bytes: Buffer.alloc(0), reserved: 0 })
})

test('a body may be as large as the limit and no larger', async () => {
  expect(await readBody(chunks('0123456789'), limits)).toMatchObject({ reserved: 10 })
  expect(await readBody(chunks('01234', '56789', '0'), limits)).toEqual({
    problem: 'too_large',
    reserved: 10,
  })
})

test('a body that finds no room in memory is told so, with what it holds of it', async () => {
  let room = 3
  const reserve = (bytes: number): boolean => {
    if (bytes > room) return false
    room -= bytes
    return true
  }
  expect(await readBody(chunks('ab', 'cd'), { ...limits, reserve })).toEqual({
    problem: 'too_busy',
    reserved: 2,
  })
})

test('a body that does not end is too slow', async () => {
  const endless = new PassThrough()
  endless.write('ab')
  expect(await readBody(endless, { ...limits, timeoutMs: 1 })).toMatchObject({ problem: 'too_slow' })
})

test.each([undefined, new Error('reset')])('a body that is cut off with %s was aborted', async (error) => {
  const cut = new PassThrough()
  const body = readBody(cut, limits)
  cut.destroy(error)
  expect(await body).toEqual({ problem: 'aborted', reserved: 0 })
})
