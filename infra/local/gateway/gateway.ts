import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { failedRead } from '../../../dashboard/answer.ts'
import { type Refusal, refusal } from '../../../ingest/errors.ts'
import type { Stream } from '../kinesis/stream.ts'
import type { Log } from '../log-file.ts'
import { edgeCache, type Origin } from './edge-cache.ts'
import { isKnown, rawRefusal, refuse, sendJson } from './respond.ts'
import { routeOf } from './route.ts'
import type { Site } from './site.ts'
import { acceptVotes } from './votes.ts'

/** What stands before the pipeline on a laptop, as API Gateway and CloudFront do on AWS. */
export type Gateway = {
  server: Server
  /** Takes no new connections, answers what it has taken, and ends within `withinMs`. */
  close(withinMs: number): Promise<void>
}

export type GatewayPorts = {
  stream: Pick<Stream, 'put'>
  /** The read model, uncached. */
  origin: Origin
  site: Site
  healthy: () => boolean
  now: () => number
  log: Log
  /** A request must have arrived within this; a slower one is answered 408 and its connection closed. */
  requestTimeoutMs?: number
}

const defaultRequestTimeoutMs = 10_000

const headersTimeoutMs = 5000

/** How often Node looks for requests that are too slow; its own choice is 30 s, three times what is promised. */
const checkEveryMs = 1000

/** Sent with `/health`, so that a second `npm start` can tell that it is Placar which has the port. */
export const serverName = 'placar'

export const createGateway = (ports: GatewayPorts): Gateway => {
  const read = edgeCache(ports.origin, ports.now)
  const isAsset = (path: string): boolean => ports.site.has(path)
  const { requestTimeoutMs = defaultRequestTimeoutMs } = ports
  let closing = false

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (closing) response.setHeader('connection', 'close')
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const route = routeOf(path, isAsset)
    if (route === undefined) {
      refuse(
        response,
        refusal('not_found', `Nothing is at ${path.slice(0, 200)}; the README lists the routes.`),
      )
      return
    }
    if (!route.allow.includes(request.method ?? '')) {
      refuse(
        response,
        refusal('method_not_allowed', `${path} takes ${route.allow}, not ${request.method}.`),
        {
          allow: route.allow,
        },
      )
      return
    }
    if (route.kind === 'vote') acceptVotes(request, response, route, ports.stream, ports.now)
    else if (route.kind === 'read')
      void answerRead(request, response, path, mark < 0 ? '' : url.slice(mark + 1))
    else if (route.kind === 'asset') sendAsset(request, response, path)
    else answerHealth(response)
  }

  const answerRead = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
  ): Promise<void> => {
    try {
      const { statusCode, headers, body } = await read(path, query)
      if (headers.etag !== undefined && isKnown(request, headers.etag)) response.writeHead(304, headers).end()
      else sendJson(response, statusCode, body, headers)
    } catch (error) {
      ports.log(`${path} could not be read`, error)
      refuse(response, failedRead)
    }
  }

  const sendAsset = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const file = ports.site.get(path)
    if (file === undefined) return
    const { headers, body } = file
    if (isKnown(request, headers.etag ?? '')) response.writeHead(304, headers).end()
    else response.writeHead(200, { ...headers, 'content-length': body.length }).end(body)
  }

  const answerHealth = (response: ServerResponse): void => {
    const headers = { server: serverName, 'cache-control': 'no-store' }
    if (ports.healthy()) sendJson(response, 200, '{"status":"ok"}', headers)
    else refuse(response, refusal('unavailable', 'Not every part of Placar runs.'), headers)
  }

  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs), // Node allows no more than for the whole request
      connectionsCheckingInterval: checkEveryMs,
    },
    handle,
  )
  server.on('clientError', (error, socket: Socket) => refuseUnreadable(error, socket, requestTimeoutMs))
  return {
    server,
    close: async (withinMs) => {
      closing = true
      const closed = new Promise((resume) => server.close(resume))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), withinMs)
      await closed
      clearTimeout(timer)
    },
  }
}

const timedOut = (withinMs: number): Refusal =>
  refusal('request_timeout', `A request must arrive within ${withinMs / 1000} s.`)
const unreadable = refusal('invalid_request', 'The request is not readable HTTP/1.1.')

const refuseUnreadable = (error: NodeJS.ErrnoException, socket: Socket, requestTimeoutMs: number): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const tooSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  socket.end(rawRefusal(tooSlow ? timedOut(requestTimeoutMs) : unreadable))
  // A client that never hangs up would otherwise keep its half of the connection.
  socket.destroySoon()
}
