import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { askToStop, counters, progress, sharedCounters } from '../../../load/volley/counters.ts'
import { kindOf, type RequestKind } from '../../../load/volley/kind.ts'
import { summarise } from '../../../load/volley/latency.ts'
import { type Mix, parseWeights, requestKinds } from '../../../load/volley/mix.ts'
import type { Outcome } from '../../../load/volley/outcome.ts'
import { schedule } from '../../../load/volley/schedule.ts'
import { type Share, sendShare } from '../../../load/volley/share.ts'
import { type FakePlacar, type Fate, fakePlacar } from '../fake-placar.ts'

const mix: Mix = {
  poll: 'final',
  options: parseWeights('ana=3,bia=1'),
  unknownOptionShare: 0.1,
  unknownPollShare: 0.1,
  batch: 1,
}
const seed = 11
const kinds = requestKinds(mix, seed)
const now = () => performance.timeOrigin + performance.now()

let closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing) await close()
  closing = []
})

const started = async (fateOf?: (n: number) => Fate): Promise<FakePlacar> => {
  const placar = await fakePlacar(['ana', 'bia'], fateOf)
  closing.push(placar.close)
  return placar
}

const share = (address: Share['address'], changes: Partial<Share> = {}): Share => ({
  address,
  kinds,
  seed,
  schedule: schedule(2_000, 0.25, 1),
  thread: 0,
  threads: 1,
  connections: 8,
  pipeline: 1,
  drainMs: 10_000,
  ...changes,
})

const send = (one: Share, memory = sharedCounters(one.threads)): Promise<Outcome> =>
  sendShare(one, counters(memory, one.thread), async () => now(), now)

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)

/** What the seed says that the 500 votes are, as the server sees them. */
const expectedRequests = (): string[] => {
  const kind = kindOf(kinds, seed)
  return Array.from({ length: 500 }, (_, n) => `${kinds[kind(n)]?.path} ${kinds[kind(n)]?.body}`)
}

test.each([
  { connections: 1, pipeline: 1 },
  { connections: 8, pipeline: 1 },
  { connections: 3, pipeline: 16 },
])('every scheduled vote is sent once and its answer counted once, over %j', async (width) => {
  const placar = await started()
  const outcome = await send(share(placar.address, width))
  expect(placar.requests.toSorted()).toEqual(expectedRequests().toSorted())
  expect(outcome.sent).toBe(500)
  expect(outcome.statuses).toEqual({ 202: 500 })
  expect(sum(outcome.accepted)).toBe(500)
  expect(sum(outcome.unknown)).toBe(0)
  expect(outcome.connectionErrors).toEqual({})
  expect(summarise(outcome.latency).count).toBe(500)
})

test('several shares of one schedule send every vote once between them', async () => {
  const placar = await started()
  const shares = [0, 1, 2].map((thread) => share(placar.address, { thread, threads: 3, connections: 2 }))
  const memory = sharedCounters(3)
  const outcomes = await Promise.all(shares.map((one) => send(one, memory)))
  expect(placar.requests.toSorted()).toEqual(expectedRequests().toSorted())
  expect(outcomes.map(({ sent }) => sent)).toEqual([167, 167, 166])
  expect(progress(memory)).toMatchObject({
    sent: 500,
    answered: 500,
    accepted: 500,
    throttled: 0,
    unknown: 0,
  })
})

test('each kind is counted for what it was', async () => {
  const placar = await started()
  const outcome = await send(share(placar.address))
  const kind = kindOf(kinds, seed)
  const drawn = kinds.map(
    (_, index) => Array.from({ length: 500 }, (_, n) => n).filter((n) => kind(n) === index).length,
  )
  expect(outcome.accepted).toEqual(drawn)
})

test('refusals are counted by status, and only accepted votes have a latency', async () => {
  const placar = await started((n) => (n % 5 === 0 ? 'throttled' : 'counted'))
  const memory = sharedCounters(1)
  const outcome = await send(share(placar.address), memory)
  expect(outcome.statuses).toEqual({ 202: 400, 429: 100 })
  expect(summarise(outcome.latency).count).toBe(400)
  expect(progress(memory)).toMatchObject({ answered: 500, accepted: 400, throttled: 100 })
})

test('a vote answered 503 may have been stored: it is unknown as well as refused', async () => {
  const placar = await started((n) => (n % 50 === 0 ? 'unavailable' : 'counted'))
  const outcome = await send(share(placar.address))
  expect(outcome.statuses).toEqual({ 202: 490, 503: 10 })
  expect(sum(outcome.unknown)).toBe(10)
  expect(sum(outcome.accepted)).toBe(490)
})

test('an answer cut off in the middle is unknown, not sent again, and the volley goes on', async () => {
  const placar = await started((n) => (n % 50 === 0 ? 'cut off' : 'counted'))
  const outcome = await send(share(placar.address))
  expect(placar.requests).toHaveLength(500)
  expect(outcome.statuses).toEqual({ 202: 490 })
  expect(sum(outcome.unknown)).toBe(10)
})

test('everything behind an answer cut off on a pipelined connection is unknown too', async () => {
  const placar = await started((n) => (n === 0 ? 'cut off' : 'counted'))
  const one = share(placar.address, { connections: 1, pipeline: 5, schedule: schedule(1_000, 0.005, 1) })
  // A start that is past makes all five due at once.
  const outcome = await sendShare(one, counters(sharedCounters(1), 0), async () => now() - 1_000, now)
  expect(outcome.sent).toBe(5)
  expect(outcome.statuses).toEqual({})
  expect(sum(outcome.unknown)).toBe(5)
})

test('an answer that cannot be read makes the vote unknown and says so', async () => {
  const address = await rawServer((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 202 OK\r\n\r\n')),
  )
  const outcome = await send(share(address, { schedule: schedule(1_000, 0.003, 1) }))
  expect(outcome.statuses).toEqual({})
  expect(sum(outcome.unknown)).toBe(3)
  expect(outcome.connectionErrors).toEqual({ UnreadableAnswer: 3 })
})

test('a connection that the server says it closes is opened again', async () => {
  const body = '{"accepted":1}'
  const answer = `HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const address = await rawServer((socket) => socket.once('data', () => socket.end(answer)))
  const outcome = await send(share(address, { connections: 2, schedule: schedule(1_000, 0.01, 1) }))
  expect(outcome.statuses).toEqual({ 202: 10 })
  expect(sum(outcome.unknown)).toBe(0)
})

test('votes that are never answered are unknown when the wait is over, and those never sent are not', async () => {
  const address = await rawServer((socket) => socket.resume())
  const outcome = await send(share(address, { connections: 2, drainMs: 50 }))
  expect(outcome.sent).toBe(2)
  expect(sum(outcome.unknown)).toBe(2)
  expect(outcome.lastAnswerAt).toBeNull()
})

test('a vote that waited for a connection is late, and its wait is part of its latency', async () => {
  let clockMs = 1_000
  const asked: Socket[] = []
  const address = await rawServer((socket) => socket.on('data', () => asked.push(socket)))
  const memory = sharedCounters(1)
  const one = share(address, { connections: 1, schedule: schedule(1_000, 0.002, 1) })
  const sending = sendShare(
    one,
    counters(memory, 0),
    async () => clockMs,
    () => clockMs,
  )
  const answer = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
  // The first vote goes out at its moment and holds the only connection past that of the second one, 1 ms later.
  await expect.poll(() => asked.length).toBe(1)
  clockMs += 50
  asked.pop()?.write(answer)
  await expect.poll(() => asked.length).toBe(1)
  clockMs += 25
  asked.pop()?.write(answer)
  const outcome = await sending
  expect(outcome).toMatchObject({ sent: 2, onTime: 1, statuses: { 202: 2 }, lastAnswerAt: 1_075 })
  expect(progress(memory)).toMatchObject({ sent: 2, late: 1 })
  const { p50, max } = summarise(outcome.latency)
  expect(p50).toBeCloseTo(50, 1)
  expect(max).toBeCloseTo(74, 1)
})

test('a conditional read carries the newest ETag that it was answered with', async () => {
  const asked: (string | undefined)[] = []
  const server = createHttpServer((request, response) => {
    asked.push(request.headers['if-none-match'])
    const version = Math.floor(asked.length / 2)
    const changed = request.headers['if-none-match'] !== `"${version}"`
    response.writeHead(changed ? 200 : 304, {
      etag: `"${version}"`,
      ...(changed ? { 'content-length': 2 } : {}),
    })
    response.end(changed ? 'ok' : undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => void server.close())
  const read: RequestKind = {
    name: 'scoreboard',
    method: 'GET',
    path: '/polls/final/scoreboard',
    headers: {},
    body: '',
    weight: 1,
    tally: { options: {}, rejected: {} },
    votes: 0,
    expected: [200, 304],
    mayBeThrottled: false,
    conditional: true,
  }
  const { port } = server.address() as AddressInfo
  const address = { host: '127.0.0.1', port, basePath: '' }
  const outcome = await send(
    share(address, { kinds: [read], connections: 1, schedule: schedule(1_000, 0.005, 1) }),
  )
  expect(asked).toEqual([undefined, '"0"', '"1"', '"1"', '"2"'])
  expect(outcome.answers).toEqual([{ 200: 3, 304: 2 }])
  expect(summarise(outcome.latency).count).toBe(5)
})

test('a 408 on a connection that was never used is no failure', async () => {
  const answer = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
  const accepted = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
  const sockets: Socket[] = []
  const address = await rawServer((socket) => {
    sockets.push(socket)
    socket.on('data', () => {
      for (const other of sockets) if (other !== socket) other.end(answer)
      socket.write(accepted)
    })
  })
  const outcome = await send(share(address, { connections: 3, schedule: schedule(10, 0.2, 1) }))
  expect(outcome).toMatchObject({ statuses: { 202: 2 }, connectionErrors: {} })
})

test('asked to stop, it sends no more and awaits what is under way', async () => {
  const placar = await started()
  const memory = sharedCounters(1)
  const sending = send(share(placar.address, { schedule: schedule(200, 3_600, 1) }), memory)
  await expect.poll(() => placar.requests.length).toBeGreaterThan(5)
  askToStop(memory)
  const outcome = await sending
  expect(outcome.sent).toBe(placar.requests.length)
  expect(outcome.statuses).toEqual({ 202: outcome.sent })
})

test('it rejects with the connection error when nothing listens', async () => {
  const { address, close } = await fakePlacar(['ana'])
  await close()
  await expect(send(share(address))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

const rawServer = async (onConnection: (socket: Socket) => void): Promise<Share['address']> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, basePath: '' }
}
