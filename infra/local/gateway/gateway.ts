import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { type Refusal, refusal } from '../../../ingest/errors.ts'
import { fastLane } from './fast-lane.ts'
import { httpDoor, whenAnswered } from './http-door.ts'
import { rawRefusal } from './reply.ts'
import { type HandlerPorts, requestHandler } from './request-handler.ts'

/** What stands before the pipeline on a laptop, as API Gateway and CloudFront do on AWS. */
export type Gateway = {
  server: Server
  /** Takes no new connections, answers what it has taken, and ends within `withinMs`. */
  close(withinMs: number): Promise<void>
}

export type GatewayPorts = HandlerPorts & Partial<ConnectionTimes>

export type ConnectionTimes = {
  /** A request must have arrived within this; a slower one is answered 408 and its connection closed. */
  requestTimeoutMs: number
  /** A connection without a request for so long is closed. */
  idleMs: number
  /** So is one whose client has not read its answers for so long. */
  unreadMs: number
  /** How often such connections are looked for. */
  checkEveryMs: number
}

/** Node would look for slow requests every 30 s, three times what is promised. */
const usual: ConnectionTimes = {
  requestTimeoutMs: 10_000,
  idleMs: 5000,
  unreadMs: 60_000,
  checkEveryMs: 1000,
}

const headersTimeoutMs = 5000

export const createGateway = (ports: GatewayPorts): Gateway => {
  const { requestTimeoutMs, idleMs, unreadMs, checkEveryMs } = { ...usual, ...ports }
  const handle = requestHandler(ports)
  // Node allows no more for the headers than for the whole request.
  const headersTimeout = Math.min(headersTimeoutMs, requestTimeoutMs)
  let closing = false

  // The HTTP server owns the port, so that its timeouts and its closing work; each connection begins in the fast lane.
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkEveryMs,
    },
    httpDoor(handle, () => closing),
  )
  server.on('clientError', (error, socket: Socket) => refuseUnreadable(error, socket, requestTimeoutMs))
  answerEnded(server)
  const toServer = server.listeners('connection')
  const lane = fastLane({
    handle,
    handOver: (socket) => {
      for (const listener of toServer) listener.call(server, socket)
    },
    now: ports.now,
    idleMs,
    unreadMs,
    firstRequestMs: headersTimeout,
    checkEveryMs,
    tooSlow: timedOut(requestTimeoutMs),
  })
  server.removeAllListeners('connection')
  server.on('connection', lane.take)

  return {
    server,
    close: async (withinMs) => {
      closing = true
      const closed = new Promise((resume) => server.close(resume))
      server.closeIdleConnections()
      lane.close()
      const timer = setTimeout(() => {
        server.closeAllConnections()
        lane.destroy()
      }, withinMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/**
 * Has a client answered that ends its side behind its requests, as the fast lane does. Node cuts such a connection off
 * unless told so; the property is old and in no manual.
 */
const answerEnded = (server: Server): void => {
  Object.assign(server, { httpAllowHalfOpen: true })
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
  whenAnswered(socket, () => {
    if (socket.writable) socket.end(rawRefusal(tooSlow ? timedOut(requestTimeoutMs) : unreadable))
    // A client that never hangs up would otherwise keep its half of the connection.
    socket.destroySoon()
  })
}
