import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { autocannonReads, findReadPress } from '../../../load/bench/watchers-press.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

/** Serves a page whose ETag changes with every hundredth request; `refuseAt`: the request that is answered 503. */
const page = async (refuseAt = -1) => {
  const seen = { requests: 0, full: 0, unchanged: 0, tags: new Set<string | undefined>() }
  server = createServer((request, response) => {
    const n = seen.requests++
    const etag = `"${Math.floor(n / 100)}"`
    const known = request.headers['if-none-match']
    seen.tags.add(known)
    if (n === refuseAt) response.writeHead(503).end()
    else if (known === etag) {
      seen.unchanged += 1
      response.writeHead(304, { etag }).end()
    } else {
      seen.full += 1
      response.writeHead(200, { etag }).end('page')
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page` }
}

// autocannon, and wrk as well where it is on the PATH.
const clients = [...new Set([autocannonReads, findReadPress()])].map(
  (client) => [client.name, client] as const,
)

test.each(clients)('%s asks with the ETag that it saw last, which changes', async (_, client) => {
  const { seen, url } = await page()
  const { full, unchanged, perSecond } = await client.read(url, 'unchanged', 4, 1)
  expect(perSecond).toBeGreaterThan(0)
  expect(seen.tags).toContain('"1"')
  expect(unchanged).toBeGreaterThan(full)
  // Those under way in the end are answered and not seen.
  expect(seen.full - full).toBeLessThanOrEqual(4)
  expect(seen.requests - full - unchanged).toBeLessThanOrEqual(4)
})

test.each(clients)('%s asks for the whole page without an ETag', async (_, client) => {
  const { seen, url } = await page()
  const { full, unchanged } = await client.read(url, 'full', 4, 1)
  expect(seen.tags).toEqual(new Set([undefined]))
  expect(full).toBeGreaterThan(0)
  expect(unchanged).toBe(0)
})

test.each(clients)('%s fails when a single answer is a refusal', async (_, client) => {
  const { url } = await page(20)
  await expect(client.read(url, 'unchanged', 4, 1)).rejects.toThrow(/refused 1 reads and broke off 0/)
})
