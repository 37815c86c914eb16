import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { openEndpoint } from '../../../../infra/local/aws/endpoint.ts'
import type { Service } from '../../../../infra/local/aws/service.ts'
import { until } from '../until.ts'
import { openTestEndpoint, post } from './open-endpoint.ts'

/** Answers with what it was asked. */
const echo: Service = {
  prefix: 'Echo_1',
  handle: async (action, body) => ({
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: `${action}:${body}`,
  }),
}

/** Tells when it was asked, and answers when it is told to. */
const slowService = () => {
  const asked = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const slow: Service = {
    prefix: 'Echo_1',
    handle: async () => {
      asked.resolve()
      await go.promise
      return { status: 200, headers: {}, body: 'done' }
    },
  }
  return { slow, asked, go }
}

const overHttp2 = async (
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number | undefined; body: string }> => {
  const session = connectHttp2(url)
  session.on('error', () => {}) // the stream tells
  try {
    const stream = session.request({ ':method': 'POST', 'x-amz-target': 'Echo_1.Say', ...headers })
    stream.end(body)
    const cutOff = once(stream, 'close').then(() => Promise.reject(new Error('the stream was cut off')))
    const [answer] = await Promise.race([once(stream, 'response'), cutOff])
    cutOff.catch(() => {}) // it closes after the answer, too
    return { status: answer[':status'], body: await textOf(stream) }
  } finally {
    session.close()
  }
}

/** Sends bytes as they are; everything that comes back until the other side ends. */
const overTcp = async (port: number, ...parts: string[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setNoDelay(true)
  for (const part of parts) await new Promise((resume) => socket.write(part, resume))
  return textOf(socket)
}

test('HTTP/1.1 and HTTP/2 with prior knowledge are answered on one port', async () => {
  const { url } = await openTestEndpoint([echo])
  const http1 = await post(url, 'Echo_1.Say', 'hello')
  expect([http1.status, await http1.text()]).toEqual([200, 'Say:hello'])
  expect(await overHttp2(url, {}, 'hello')).toEqual({ status: 200, body: 'Say:hello' })
})

test('a connection whose first bytes come one by one is understood', async () => {
  const { port } = await openTestEndpoint([echo])
  const request = `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Echo_1.Say\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi`
  expect(await overTcp(port, ...request)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\nSay:hi$/)
})

test('what is neither, though it begins like HTTP/2, is answered as a bad request', async () => {
  const { port } = await openTestEndpoint([echo])
  expect(await overTcp(port, 'PR', 'INT everything\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

test('answers carry a request id and the checksum of their body', async () => {
  const { url } = await openTestEndpoint([echo])
  const answer = await post(url, 'Echo_1.Say', 'hello')
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(answer.headers.get('x-amz-crc32')).toBe(String(crc32('Say:hello')))
})

test("a service's own request id and checksum are kept", async () => {
  const headers = { 'content-type': 'text/plain', 'x-amzn-requestid': 'mine', 'x-amz-crc32': '7' }
  const own: Service = { prefix: 'Own', handle: async () => ({ status: 200, headers, body: 'x' }) }
  const { url } = await openTestEndpoint([own])
  const answer = await post(url, 'Own.Action', '')
  expect([answer.headers.get('x-amzn-requestid'), answer.headers.get('x-amz-crc32')]).toEqual(['mine', '7'])
})

test.each(['evil.example', 'localhost.evil.example:80'])('Host %s is refused', async (host) => {
  const { url, port } = await openTestEndpoint([echo])
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { host, 'x-amz-target': 'Echo_1.Say' },
  })
  request.end('hello')
  const [answer] = await once(request, 'response')
  expect(answer.statusCode).toBe(403)
  expect(JSON.parse(await textOf(answer)).__type).toBe('AccessDeniedException')
  const http2 = await overHttp2(url, { ':authority': host }, 'hello')
  expect([http2.status, JSON.parse(http2.body).__type]).toEqual([403, 'AccessDeniedException'])
  expect((await overHttp2(url, { host }, 'hello')).status).toBe(403)
})

test.each(['localhost', '127.0.0.1', '[::1]:1234'])('Host %s is accepted', async (host) => {
  const { url, port } = await openTestEndpoint([echo])
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { host, 'x-amz-target': 'Echo_1.Say' },
  })
  request.end('hello')
  const [answer] = await once(request, 'response')
  expect([answer.statusCode, await textOf(answer)]).toEqual([200, 'Say:hello'])
  expect((await overHttp2(url, { ':authority': host }, 'hello')).status).toBe(200)
})

test.each(['Nobody_1.Say', 'Echo_1', 'Echo_1_2.Say', '.', ''])("target '%s' is unknown", async (target) => {
  const { url } = await openTestEndpoint([echo])
  const answer = await post(url, target, '{}')
  expect([answer.status, (await answer.json()).__type]).toEqual([400, 'UnknownOperationException'])
})

test('a request that is no POST with a target is refused', async () => {
  const { url } = await openTestEndpoint([echo])
  const answer = await fetch(url)
  expect([answer.status, (await answer.json()).__type]).toEqual([403, 'AccessDeniedException'])
})

test('a service that throws is answered as an internal failure, and logged; its stack stays here', async () => {
  const broken: Service = { prefix: 'Broken', handle: () => Promise.reject(new Error('the secret reason')) }
  const { url, logged } = await openTestEndpoint([broken])
  const answer = await post(url, 'Broken.Action', '{}')
  const body = await answer.text()
  expect([answer.status, JSON.parse(body).__type]).toEqual([500, 'InternalFailure'])
  expect(body).not.toContain('secret')
  expect(logged).toEqual(['Broken.Action failed: Error: the secret reason'])
})

test('a service may word the refusals of its requests itself', async () => {
  const own: Service = {
    prefix: 'Echo_1',
    handle: () => Promise.reject(new Error('broken')),
    refuse: ({ __type }, headers) => ({
      status: 418,
      headers: {},
      body: `${__type} ${headers['content-type']}`,
    }),
  }
  const { url } = await openTestEndpoint([own])
  const headers = { 'content-type': 'text/own' }
  expect(await overHttp2(url, headers, 'x')).toEqual({ status: 418, body: 'InternalFailure text/own' })
  expect(await overHttp2(url, headers, 'x'.repeat(16 * 1024 * 1024 + 1))).toEqual({
    status: 418,
    body: 'RequestEntityTooLargeException text/own',
  })
})

test('a body of 13 MiB is taken, one over 16 MiB is refused, over either protocol', async () => {
  const length: Service = {
    prefix: 'Echo_1',
    handle: async (_, body) => ({ status: 200, headers: {}, body: String(body.length) }),
  }
  const { url } = await openTestEndpoint([length])
  const large = 'x'.repeat(13 * 1024 * 1024)
  const tooLarge = 'x'.repeat(16 * 1024 * 1024 + 1)
  expect(await (await post(url, 'Echo_1.Say', large)).text()).toBe(String(large.length))
  expect((await overHttp2(url, {}, large)).body).toBe(String(large.length))
  expect((await overHttp2(url, {}, tooLarge)).status).toBe(413)

  // fetch would rather report the closed connection than read the answer.
  const { port } = new URL(url)
  const head = `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Echo_1.Say\r\nContent-Length: ${tooLarge.length}\r\n\r\n`
  expect(await overTcp(Number(port), head, tooLarge)).toMatch(/^HTTP\/1\.1 413 /)
})

test('a request that ends early leaves the endpoint working', async () => {
  const { url, port } = await openTestEndpoint([echo])
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Echo_1.Say\r\nContent-Length: 10\r\n\r\nhalf',
  )
  socket.resetAndDestroy()
  await once(socket, 'close')
  const session = connectHttp2(url)
  const stream = session.request({ ':method': 'POST', 'x-amz-target': 'Echo_1.Say' })
  stream.on('error', () => {})
  stream.write('half')
  await once(session, 'remoteSettings')
  session.destroy()
  expect(await (await post(url, 'Echo_1.Say', 'hello')).text()).toBe('Say:hello')
})

test('closing answers what is under way and accepts nothing more', async () => {
  const { slow, asked, go } = slowService()
  const endpoint = await openEndpoint({ port: 0, services: [slow], log: () => {}, graceMs: 20_000 })
  const underWay = overHttp2(endpoint.url, {}, 'x')
  await asked.promise
  const idle = connect(endpoint.port, '127.0.0.1')
  await once(idle, 'connect')
  const idleEnds = once(idle, 'close')
  const closed = endpoint.close()
  await expect(post(endpoint.url, 'Echo_1.Say', 'x')).rejects.toThrow()
  await idleEnds
  go.resolve()
  expect((await underWay).body).toBe('done')
  await closed
})

test('a request over HTTP/1.1 that is under way is answered too, and its connection ends with it', async () => {
  const { slow, asked, go } = slowService()
  const endpoint = await openEndpoint({ port: 0, services: [slow], log: () => {}, graceMs: 20_000 })
  const underWay = post(endpoint.url, 'Echo_1.Say', 'x')
  await asked.promise
  const closed = endpoint.close()
  go.resolve()
  const answer = await underWay
  expect([answer.headers.get('connection'), await answer.text()]).toEqual(['close', 'done'])
  await closed
})

test('closing does not wait longer than its grace for one that never ends', async () => {
  let asked = 0
  const never: Service = {
    prefix: 'Echo_1',
    handle: () => {
      asked += 1
      return new Promise(() => {})
    },
  }
  const endpoint = await openEndpoint({ port: 0, services: [never], log: () => {}, graceMs: 50 })
  const outcomes = Promise.allSettled([
    post(endpoint.url, 'Echo_1.Say', 'x'),
    overHttp2(endpoint.url, {}, 'x'),
  ])
  await until(() => asked === 2)
  await endpoint.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('a port in use is an error', async () => {
  const { port } = await openTestEndpoint([echo])
  await expect(openEndpoint({ port, services: [], log: () => {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
