import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerReader, UnreadableAnswer } from '../../../load/volley/response.ts'

type Answer = { status: number; closes: boolean }

const read = (chunks: readonly (string | Buffer)[]): Answer[] => {
  const answers: Answer[] = []
  const feed = answerReader(({ status, closes }) => void answers.push({ status, closes }))
  for (const chunk of chunks) feed(Buffer.from(chunk as string))
  return answers
}

const text = (status: number, body: string, fields = ''): string =>
  `HTTP/1.1 ${status} Whatever\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

test('answers are read alike, however their bytes are cut into chunks and however the chunks reuse memory', () => {
  const answer = fc.record({
    status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
    body: fc.string({ unit: 'binary', maxLength: 300 }),
    closes: fc.boolean(),
    fields: fc.constantFrom('', 'Date: Sat, 21 Nov 2026 05:00:00 GMT\r\n', 'X-Connection: close\r\n'),
  })
  const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 8 }), cuts, (answers, sizes) => {
      const stream = Buffer.concat(
        answers.map(({ status, body, closes, fields }) =>
          Buffer.from(text(status, body, `${fields}connection: ${closes ? 'Close' : 'keep-alive'}\r\n`)),
        ),
      )
      const found: Answer[] = []
      const feed = answerReader(({ status, closes }) => void found.push({ status, closes }))
      const memory = Buffer.alloc(90)
      for (let at = 0, n = 0; at < stream.length; n++) {
        const size = stream.copy(memory, 0, at, at + (sizes[n % sizes.length] ?? 1))
        feed(memory.subarray(0, size))
        memory.fill('x')
        at += size
      }
      expect(found).toEqual(answers.map(({ status, closes }) => ({ status, closes })))
    }),
  )
})

test('an answer is told only once its last byte has come', () => {
  const whole = text(202, '{"accepted":1}')
  expect(read([whole.slice(0, -1)])).toEqual([])
  expect(read([whole.slice(0, -1), whole.slice(-1)])).toEqual([{ status: 202, closes: false }])
})

test('an answer without a body is complete with its head', () => {
  expect(read([text(202, '')])).toEqual([{ status: 202, closes: false }])
})

test('a 304 has no body, whatever it says of its length, and tells its ETag', () => {
  const answers: (string | undefined)[] = []
  const feed = answerReader(({ status, etag }) => void answers.push(`${status} ${etag}`))
  feed(Buffer.from('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'))
  feed(Buffer.from('HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: W/"b"\r\n\r\n'))
  expect(answers).toEqual(['304 "a"', '304 W/"b"'])
})

test.each([
  ['a chunked answer', 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['both framings', 'HTTP/1.1 202 Accepted\r\nContent-Length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
  ['no length', 'HTTP/1.1 202 Accepted\r\nDate: today\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 202 Accepted\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['a length that is no number', 'HTTP/1.1 202 Accepted\r\nContent-Length: 1e3\r\n\r\n'],
  ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['another version', 'HTTP/1.0 202 Accepted\r\nContent-Length: 0\r\n\r\n'],
  ['no status', 'HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n'],
  ['something else than HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
])('%s is an error, not a guess', (_, bytes) => {
  expect(() => read([bytes])).toThrow(UnreadableAnswer)
})

test('a head that never ends is an error, not memory', () => {
  const line = `X: ${'x'.repeat(1_000)}\r\n`
  expect(() => read(['HTTP/1.1 202 Accepted\r\n', ...Array<string>(20).fill(line)])).toThrow(UnreadableAnswer)
})
