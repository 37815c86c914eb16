import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Opened, openGateway } from './open-gateway.ts'

const vote = '{"option":"ana"}'

const requests = [
  { ask: 'POST /polls/final/votes', body: vote, status: 202 },
  { ask: 'POST /polls/final/votes/batch', body: `{"votes":[${vote}]}`, status: 202 },
  { ask: 'POST /polls/final/votes', body: '{"option":"é"}', status: 400 },
  { ask: 'POST /polls/final/votes', body: '{', status: 400 },
  { ask: 'POST /polls/final/votes', body: vote, headers: 'Content-Type: text/plain\r\n', status: 415 },
  { ask: 'POST /polls/final/votes', body: `"${'x'.repeat(65_536)}"`, status: 413 },
  { ask: 'POST /polls/FINAL/votes', body: vote, status: 404 },
  { ask: 'POST /polls/final/scoreboard', body: vote, status: 405 },
  { ask: 'GET /polls/final/scoreboard', body: '', status: 200 },
  { ask: 'GET /polls/final/scoreboard?since=1', body: '', headers: 'If-None-Match: "a"\r\n', status: 304 },
  { ask: 'GET /', body: '', status: 200 },
  { ask: 'GET /health', body: '', status: 200 },
] as const

type Sample = (typeof requests)[number]

/** The fast lane answers what is plain; the other ways lead to Node's HTTP server. */
const ways = ['plain', 'te', 'chunked'] as const

const textOf = ({ ask, body, ...rest }: Sample, way: (typeof ways)[number] = 'plain'): string => {
  const head = `${ask} HTTP/1.1\r\nHost: x\r\n${'headers' in rest ? rest.headers : ''}${way === 'te' ? 'TE: trailers\r\n' : ''}`
  const bytes = Buffer.byteLength(body)
  if (way === 'chunked' && bytes > 0)
    return `${head}Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  return `${head}${bytes > 0 ? `Content-Length: ${bytes}\r\n` : ''}\r\n${body}`
}

describe('the fast lane', () => {
  it.each(requests)('answers as the HTTP server does: $ask, $status', async (request) => {
    const { port } = await openGateway({ now: () => 1_790_000_000_000 })
    const [quick] = await exchange(port, [textOf(request)], 1)
    const [full] = await exchange(port, [textOf(request, 'te')], 1)
    expect(quick?.status).toBe(request.status)
    expect([quick?.inLane, full?.inLane]).toEqual([request.status !== 413, false])
    expect(comparable(quick)).toEqual(comparable(full))
  })

  it.each(requests)(
    'answers a client that has ended its side, and so does the HTTP server: $ask, $status',
    async (request) => {
      const { port, connections } = await openGateway()
      for (const way of ways)
        expect((await exchange(port, [textOf(request, way)], 'all')).map(({ status }) => status)).toEqual([
          request.status,
        ])
      await expect.poll(connections).toBe(0)
    },
  )

  it('pipelined requests, cut anywhere, plain or not, ended or not, are each answered once and in their order', async () => {
    const { port, connections, ...opened } = await openGateway()
    let accepted = 0
    const sent = fc.array(fc.tuple(fc.constantFrom(...requests), fc.constantFrom(...ways)), {
      minLength: 1,
      maxLength: 8,
    })
    const cutAt = fc.array(fc.nat(2_000), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(sent, cutAt, fc.boolean(), async (picks, cuts, ends) => {
        const text = picks.map(([request, way]) => textOf(request, way)).join('')
        const answers = await exchange(port, cutUp(text, cuts), ends ? 'all' : picks.length)
        expect(answers.map(({ status }) => status)).toEqual(picks.map(([{ status }]) => status))
        accepted += answers.filter(({ status }) => status === 202).length
      }),
      { numRuns: 200 },
    )
    expect(await recordsIn(opened)).toBe(accepted)
    await expect.poll(connections).toBe(0)
  })

  it('more requests at once than it has under way are all answered, also to a client that has ended its side', async () => {
    const { port, connections, ...opened } = await openGateway()
    const many = Array.from({ length: 3000 }, () => textOf(requests[0])).join('')
    for (const count of [3000, 'all'] as const) {
      const answers = await exchange(port, [many], count)
      expect(answers.map(({ status }) => status)).toEqual(Array(3000).fill(202))
    }
    expect(await recordsIn(opened)).toBe(6000)
    await expect.poll(connections).toBe(0)
  })

  it('a last request that the HTTP server must answer is answered behind the end, and the connection let go', async () => {
    const { port, connections } = await openGateway()
    const text = `${textOf(requests[0])}HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n`
    const answer = await conversation(port, (socket) => socket.end(text))
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 200'])
    await expect.poll(connections).toBe(0)
  })

  it.each([
    'GET /health HTTP/1.1\r\nHo',
    'POST /polls/final/votes HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{',
  ])('half a request and then the end is refused behind the answers before it: %j', async (half) => {
    const { port, connections } = await openGateway()
    for (const way of ways) {
      const text = textOf(requests[0], way).repeat(3) + half
      const answer = await conversation(port, (socket) => socket.end(text))
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([...Array(3).fill('HTTP/1.1 202'), 'HTTP/1.1 400'])
    }
    await expect.poll(connections).toBe(0)
  })

  it.each(ways)('votes are answered before what is no HTTP behind them is refused: %s', async (way) => {
    const { port, connections } = await openGateway()
    const text = `${textOf(requests[0], way).repeat(3)}\u0001\r\n\r\n`
    const answers = await exchange(port, [text], 4)
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 400])
    await expect.poll(connections).toBe(0)
  })

  it('a connection on which nothing is asked is refused with 408 and closed', async () => {
    const { port } = await openGateway({ requestTimeoutMs: 50 })
    expect(await conversation(port, () => {})).toMatch(/^HTTP\/1\.1 408 [\s\S]*"request_timeout"/)
  })

  it('leaves a large head and a large body to the HTTP server, in however many pieces they come', async () => {
    const { port } = await openGateway()
    const padded = (bytes: number) =>
      `POST /polls/final/votes HTTP/1.1\r\nHost: x\r\nX-Padding: ${'x'.repeat(bytes)}\r\nContent-Length: 16\r\n\r\n${vote}`
    for (const [bytes, status] of [
      [9_000, 202],
      [20_000, 400],
    ] as const)
      for (const cuts of [[], [5_000]]) {
        const answers = await exchange(port, cutUp(padded(bytes), cuts), 1)
        expect(answers.map((answer) => answer.status)).toEqual([status])
      }
  })

  it('a connection that is idle after an answer is ended', async () => {
    const { port } = await openGateway({ idleMs: 50, checkEveryMs: 10 })
    const answer = await conversation(port, (socket) => socket.write(textOf(requests[0])))
    expect(answer).toMatch(/^HTTP\/1\.1 202 /)
  })

  it('a client that never reads its answers is let go', async () => {
    const asked = Promise.withResolvers<void>()
    const origin = async () => {
      asked.resolve()
      return { statusCode: 200, headers: {}, body: 'x'.repeat(16 * 1024 * 1024) }
    }
    const { port, connections } = await openGateway({ unreadMs: 50, checkEveryMs: 10, origin })
    const socket = connect(port, '127.0.0.1', () => socket.write(textOf(requests[8])))
    socket.pause()
    socket.on('error', () => {})
    await asked.promise
    await expect.poll(connections).toBe(0)
    socket.destroy()
  })

  it('a vote that comes behind the end of its connection is not taken', async () => {
    const held = Promise.withResolvers<void>()
    let puts = 0
    const put = () => {
      puts += 1
      return { shardId: 's', sequenceNumber: '1', durable: held.promise }
    }
    const { port, gateway } = await openGateway({ stream: { put } })
    const answer = conversation(port, async (socket) => {
      socket.write(textOf(requests[0]))
      await expect.poll(() => puts).toBe(1)
      const closed = gateway.close(10_000)
      await new Promise((sent) => socket.write(textOf(requests[0]), sent))
      await new Promise((resume) => setImmediate(resume))
      held.resolve()
      await closed
    })
    expect((await answer).match(/HTTP\/1\.1 202 /g)).toHaveLength(1)
    expect(puts).toBe(1)
  })

  it('closing ends an idle connection, and answers what is under way before it ends that one', async () => {
    const held = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    const put = () => {
      taken.resolve()
      return { shardId: 's', sequenceNumber: '1', durable: held.promise }
    }
    const { port, gateway } = await openGateway({ stream: { put } })
    const idle = conversation(port, (socket) => socket.write(textOf(requests.at(-1) as Sample)))
    const busy = conversation(port, (socket) => socket.write(textOf(requests[0])))
    await taken.promise
    const closed = gateway.close(10_000)
    expect(await idle).toMatch(/^HTTP\/1\.1 200 /)
    held.resolve()
    expect(await busy).toMatch(/^HTTP\/1\.1 202 [\s\S]*connection: close/)
    await closed
  })
})

const recordsIn = async ({ records }: Pick<Opened, 'records'>): Promise<number> => (await records()).length

/** Node writes `Connection`, the lane `connection`. */
type Answer = { status: number; headers: Record<string, string>; body: string; inLane: boolean }

/** Without what differs between two answers of the same: the receipt, and the order of the headers. */
const comparable = (answer: Answer | undefined) => ({
  ...answer,
  inLane: undefined,
  headers: { ...answer?.headers, date: undefined, 'content-length': undefined },
  body: answer?.body.replace(/"receipt":\{[^}]*\}/, '"receipt":{}'),
})

const cutUp = (text: string, cuts: readonly number[]): string[] => {
  const places = [...new Set(cuts.map((cut) => cut % text.length))].sort((a, b) => a - b)
  return [...places, text.length].map((place, at) => text.slice(places[at - 1] ?? 0, place))
}

/**
 * Sends text piece by piece and gives the first `count` answers; with `all` it ends its side with the last piece, and
 * gives what is answered until the other side ends too.
 */
const exchange = (port: number, pieces: readonly string[], count: number | 'all'): Promise<Answer[]> =>
  new Promise((resolve, reject) => {
    const answers: Answer[] = []
    let text = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, async () => {
      const first = count === 'all' ? pieces.slice(0, -1) : pieces
      for (const piece of first) await new Promise((sent) => socket.write(piece, () => setImmediate(sent)))
      if (count === 'all') socket.end(pieces.at(-1) ?? '')
    })
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let answer = readAnswer(text); answer !== undefined; answer = readAnswer(text)) {
        answers.push(answer)
        text = text.slice(answer.end)
      }
      if (count !== 'all' && answers.length >= count) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answers))
  })

const readAnswer = (text: string): (Answer & { end: number }) | undefined => {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  const pairs = lines.map((line) => line.split(': '))
  const headers = Object.fromEntries(pairs.map(([name = '', value]) => [name.toLowerCase(), value ?? '']))
  const end = headEnd + 4 + Number(headers['content-length'] ?? 0)
  if (text.length < end) return undefined
  const inLane = lines.some((line) => line.startsWith('connection:'))
  return { status: Number(first.split(' ')[1]), headers, body: text.slice(headEnd + 4, end), inLane, end }
}

/** What comes back until the connection ends. */
const conversation = (port: number, say: (socket: ReturnType<typeof connect>) => unknown): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => say(socket))
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('end', () => socket.end())
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
