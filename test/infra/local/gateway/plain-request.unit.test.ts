import { describe, expect, it } from 'vitest'
import { readPlainRequest } from '../../../../infra/local/gateway/plain-request.ts'

const body = '{"option":"ana"}'
const plain = 'POST /polls/final/votes HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n'
const read = (text: string, start = 0) => readPlainRequest(Buffer.from(text), start)

describe('a plain request', () => {
  it('is read with the headers that matter, whatever their case and spaces', () => {
    const head =
      'POST /polls/final/votes?x=1 HTTP/1.1\r\nHOST:x\r\ncontent-TYPE: \tapplication/json \r\nContent-Length:16\r\nX-Other: a:b\r\nIf-None-Match: "a"\r\nConnection: Keep-Alive\r\n\r\n'
    const request = read(head + body)
    expect(request?.head).toEqual({
      method: 'POST',
      target: '/polls/final/votes?x=1',
      contentType: 'application/json',
      ifNoneMatch: '"a"',
    })
    expect(request?.body.toString()).toBe(body)
    expect(request?.end).toBe(head.length + body.length)
  })

  it('is read from where the one before it ends', () => {
    const first = read(plain + body + plain + body)
    const second = read(plain + body + plain + body, first?.end)
    expect(second?.body.toString()).toBe(body)
    expect(second?.end).toBe(2 * (plain.length + body.length))
  })

  it('a GET needs no length', () => {
    expect(read('GET / HTTP/1.1\r\nHost: x\r\n\r\n')?.head.method).toBe('GET')
  })
})

describe('what is left to the HTTP server', () => {
  const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n${body}`
  const post = 'POST /polls/final/votes HTTP/1.1'
  it.each([
    ['a head that is not all there', plain.slice(0, -1)],
    ['a body that is not all there', plain + body.slice(1)],
    ['another method', head('PUT / HTTP/1.1', 'Host: x', 'Content-Length: 16')],
    ['a method in lower case', head('post / HTTP/1.1', 'Host: x', 'Content-Length: 16')],
    ['HTTP/1.0', head('POST / HTTP/1.0', 'Host: x', 'Content-Length: 16')],
    ['a full URL as target', head('GET http://x/ HTTP/1.1', 'Host: x')],
    ['a target with a byte over ASCII', head('GET /é HTTP/1.1', 'Host: x')],
    ['no Host', head(post, 'Content-Length: 16')],
    ['two Hosts', head(post, 'Host: x', 'host: y', 'Content-Length: 16')],
    ['a POST without a length', head(post, 'Host: x')],
    ['two lengths', head(post, 'Host: x', 'Content-Length: 16', 'content-length: 16')],
    ['a list of lengths', head(post, 'Host: x', 'Content-Length: 16, 16')],
    ['a signed length', head(post, 'Host: x', 'Content-Length: +16')],
    ['a hexadecimal length', head(post, 'Host: x', 'Content-Length: 0x10')],
    ['a chunked body', head(post, 'Host: x', 'Transfer-Encoding: chunked', 'Content-Length: 16')],
    ['a connection that is to close', head(post, 'Host: x', 'Connection: close', 'Content-Length: 16')],
    ['an expectation', head(post, 'Host: x', 'Expect: 100-continue', 'Content-Length: 16')],
    ['an upgrade', head(post, 'Host: x', 'Upgrade: h2c', 'Content-Length: 16')],
    ['trailers', head(post, 'Host: x', 'TE: trailers', 'Content-Length: 16')],
    ['a folded line', head(post, 'Host: x', 'X: a\r\n b', 'Content-Length: 16')],
    ['a space before the colon', head(post, 'Host: x', 'Content-Length : 16')],
    ['a header without a name', head(post, 'Host: x', ': y', 'Content-Length: 16')],
    ['a line feed alone', head(post, 'Host: x', 'X: a\nContent-Length: 3', 'Content-Length: 16')],
    ['a carriage return alone', head(post, 'Host: x', 'X: a\rb', 'Content-Length: 16')],
    ['a zero byte', head(post, 'Host: x', 'X: a\0b', 'Content-Length: 16')],
    ['an empty line before it', `\r\n${plain}${body}`],
  ])('%s', (_what, text) => {
    expect(read(text)).toBeUndefined()
  })
})
