import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Connection } from '../../../load/volley/connection.ts'
import { connectionPool, type Pool } from '../../../load/volley/pool.ts'

let server: Server
let accepted: Socket[]
let clockMs: number
let lost: number[]
let pool: Pool
let silent: boolean

beforeEach(async () => {
  accepted = []
  lost = []
  clockMs = 0
  silent = false
  server = createServer((socket) => {
    accepted.push(socket.on('error', () => {}))
    socket.on('data', () => {
      if (!silent) socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, basePath: '' }
  const events = {
    answered: () => {},
    lost: (requests: readonly number[]) => lost.push(...requests),
    failed: () => {},
  }
  pool = connectionPool(address, 2, events, () => clockMs)
})

afterEach(async () => {
  await pool.close()
  await new Promise((resolve) => server.close(resolve))
})

const take = async (): Promise<Connection> => {
  let taken: Connection | undefined
  await expect.poll(() => (taken ??= pool.take())).toBeDefined()
  return taken as Connection
}

test('it opens all connections first, and gives each out once', async () => {
  await pool.open()
  expect(pool.take()).toBeDefined()
  expect(pool.take()).toBeDefined()
  expect(pool.take()).toBeUndefined()
  await expect.poll(() => accepted.length).toBe(2)
})

test('a connection is free again when everything on it is answered', async () => {
  await pool.open()
  const first = pool.take()
  pool.take()
  first?.send([7], Buffer.from('anything'))
  expect(await take()).toBe(first)
})

test('a connection idle for so long that the server may be closing it is replaced, not used', async () => {
  await pool.open()
  clockMs = 3_001
  expect(pool.take()).toBeUndefined()
  const fresh = await take()
  fresh.send([1], Buffer.from('anything'))
  expect(await take()).toBe(fresh)
  await expect.poll(() => accepted.filter(({ destroyed }) => destroyed).length).toBe(2)
})

test('a connection that the server has closed is replaced', async () => {
  await pool.open()
  await expect.poll(() => accepted.length).toBe(2)
  for (const socket of accepted) socket.destroy()
  const takenThenClosed = () => {
    pool.take()
    return accepted.length
  }
  await expect.poll(takenThenClosed).toBeGreaterThan(2)
})

test('closing it reports what is still unanswered as lost, then is done', async () => {
  silent = true
  await pool.open()
  pool.take()?.send([1, 2], Buffer.from('anything'))
  await pool.close()
  expect(lost).toEqual([1, 2])
})
