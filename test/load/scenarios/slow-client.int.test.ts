import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { slowClient } from '../../../load/scenarios/slow-client.mjs'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Where a server listens that treats a client so, once it has heard something of it. */
const listen = async (treat: (socket: Socket, heard: string) => void) => {
  const server = createServer((socket) => {
    socket.setEncoding('latin1').once('data', (heard: string) => treat(socket, heard))
    socket.on('error', () => socket.destroy())
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, path: '/polls/final/votes' }
}

test('a slow client begins a vote whose body is longer than what it sends', async () => {
  let request = ''
  const at = await listen((socket, heard) => {
    request = heard
    socket.end('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n')
  })
  expect(await slowClient(at)).toBe('408')
  const [head = '', body = ''] = request.split('\r\n\r\n')
  expect(head).toMatch(/^POST \/polls\/final\/votes HTTP\/1\.1\r\n/)
  expect(Number(/content-length: (\d+)/.exec(head)?.[1])).toBeGreaterThan(body.length)
})

test('a connection that is closed without an answer is told', async () => {
  expect(await slowClient(await listen((socket) => socket.destroy()))).toBe('closed')
})

test('a server that never has enough is told', async () => {
  expect(await slowClient({ ...(await listen(() => {})), patienceMs: 50 })).toBe('never refused')
})

test('that nothing listens is an error', async () => {
  const at = await listen(() => {})
  const closed = once(servers[0] as Server, 'close')
  servers[0]?.close()
  await closed
  await expect(slowClient(at)).rejects.toThrow('ECONNREFUSED')
})
