import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorTable } from '../../../../ingest/errors.ts'
import { refused, sentBody } from './cases.ts'
import { openGateway, post } from './open-gateway.ts'

const votes = '/polls/final/votes'
const vote = '{"option":"ana"}'
const large = JSON.stringify({ option: 'ana', padding: 'x'.repeat(64 * 1024) })

describe('a refusal', () => {
  it.each(refused)('$fact', async ({ expected: code, method, path, headers, ...rest }) => {
    const { url, records } = await openGateway()
    const response = await fetch(url + path, { method, headers, ...sentBody(rest) })
    expect(response.status).toBe(errorTable[code as ErrorCode].status)
    expect(response.headers.get('content-type')).toBe('application/json')
    const answer = (await response.json()) as { error: string; message: string }
    expect(answer).toEqual({ error: code, message: expect.stringMatching(/.{10,}/) })
    expect(answer.message).not.toMatch(/\bat .*\.ts:\d/)
    expect(await records()).toEqual([])
  })

  it('names the field, also inside a batch', async () => {
    const { url } = await openGateway()
    const one = await post(url + votes, '{"option":"ana","castAt":true}')
    expect(await one.json()).toMatchObject({ message: expect.stringContaining('castAt') })
    const batch = await post(`${url + votes}/batch`, '{"votes":[{"option":"ana"},{"voteId":"x"}]}')
    expect(await batch.json()).toMatchObject({ message: expect.stringMatching(/votes\.1.*option/) })
  })

  it('comes in the order 404, 405, 415, 413, 400', async () => {
    const { url } = await openGateway()
    const text = { 'content-type': 'text/plain' }
    expect((await post(`${url}/polls/!/votes`, large, text)).status).toBe(404)
    expect((await post(`${url}/polls/final/windows`, large, text)).status).toBe(405)
    expect((await post(url + votes, large, text)).status).toBe(415)
    expect((await post(url + votes, `!${large}`)).status).toBe(413)
    expect((await post(url + votes, '!')).status).toBe(400)
  })

  it('says which methods there are', async () => {
    const { url } = await openGateway()
    const response = await fetch(url + votes, { method: 'PUT' })
    expect(response.headers.get('allow')).toBe('POST')
  })

  it('of a shard over its rate is 429 with Retry-After, and nothing of the vote is stored', async () => {
    const { url, kinesis, records } = await openGateway({ now: () => 5000 }, true)
    const stream = kinesis.stream('votes')
    for (let n = 0; n < 3000; n += 1) stream?.put(`v-${n}`, 'x')
    const response = await post(url + votes, vote)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ error: 'throttled' })
    expect((await records()).every(({ data }) => data === 'x')).toBe(true)
  })

  it.each(['rejects', 'throws'])('of a log that %s is 503 with Retry-After', async (how) => {
    const put = () => {
      if (how === 'throws') throw new Error('full')
      const durable = Promise.reject(new Error('no space left'))
      return { shardId: 's', sequenceNumber: '1', durable }
    }
    const { url } = await openGateway({ stream: { put } })
    const response = await post(url + votes, vote)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ error: 'unavailable' })
  })

  it('of a read that fails is 503', async () => {
    const { url } = await openGateway({ origin: () => Promise.reject(new Error('no table')) })
    const response = await fetch(`${url}/polls/final/scoreboard`)
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('no table')
  })

  it('of what is not HTTP is 400, in the same shape', async () => {
    const { port } = await openGateway()
    expect(await exchange(port, 'GET\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"error":"invalid_request"/)
  })

  it('a half-sent body that ends is no vote', async () => {
    const { port, records } = await openGateway()
    const head = `POST ${votes} HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\nConnection: close\r\n\r\n`
    await exchange(port, `${head}{"option`, true)
    await exchange(port, `${head}${vote}`)
    expect(await records()).toHaveLength(1)
  })

  it('a half-sent body that never ends is 408, and its connection is closed', async () => {
    const { port, records } = await openGateway({ requestTimeoutMs: 100 })
    const head = `POST ${votes} HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n`
    const answer = await exchange(port, `${head}{"option`)
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*\r\nConnection: close\r\n/)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
      error: 'request_timeout',
      message: 'A request must arrive within 0.1 s.',
    })
    expect(await records()).toEqual([])
  })

  it('10,000 fuzzed bodies are accepted or refused, never anything else', async () => {
    const { url } = await openGateway()
    const text = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.record({ option: fc.anything(), voteId: fc.anything(), castAt: fc.anything() }).map(stringify),
      fc.record({ votes: fc.array(fc.record({ option: fc.string() })) }).map(stringify),
      fc.string().map((option) => JSON.stringify({ option })),
    )
    const seen = new Set<number>()
    const send = async (body: string, batch: boolean): Promise<void> => {
      const response = await post(url + votes + (batch ? '/batch' : ''), body)
      const answer = await response.text()
      seen.add(response.status)
      expect([202, 400]).toContain(response.status)
      expect(answer).not.toMatch(/\n\s+at /)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.boolean()), { minLength: 50, maxLength: 50 }),
        async (bodies) => {
          await Promise.all(bodies.map(([body, batch]) => send(body, batch)))
        },
      ),
      { numRuns: 200 },
    )
    expect(seen).toEqual(new Set([202, 400]))
  }, 120_000)
})

const stringify = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}` : part)) ?? ''

/** Sends bytes as they are and gives what came back; with `cutOff`, hangs up without waiting for it. */
const exchange = (port: number, text: string, cutOff = false): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => cutOff && socket.destroy()))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', () => {})
  })
